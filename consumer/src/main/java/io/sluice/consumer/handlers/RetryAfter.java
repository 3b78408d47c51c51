package io.sluice.consumer.handlers;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Retry-After} header (RFC 9110, section 10.2.3): seconds, or a date. */
final class RetryAfter {
    /** The header's own resolution. A server that answers "0" would otherwise be asked again at once, for ever. */
    static final Duration SHORTEST = Duration.ofSeconds(1);

    /** A server that asks for more is asked again after this long; the type's {@code max-age} decides when to give up. */
    static final Duration LONGEST = Duration.ofHours(1);

    private RetryAfter() {}

    /** The wait that the header asks for, brought within bounds; null if there is no header or it cannot be read. */
    static @Nullable Duration parse(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        String text = header.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            // More digits than a long holds are still just "very long".
            return text.length() > 9 ? LONGEST : bounded(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return bounded(Duration.between(now, date));
        } catch (DateTimeParseException unreadable) {
            return null;
        }
    }

    private static Duration bounded(Duration asked) {
        return asked.compareTo(SHORTEST) < 0 ? SHORTEST : asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
