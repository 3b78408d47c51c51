package io.sluice.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Durations as people write them: {@code 250ms}, {@code 5s}, {@code 10m}, {@code 6h}, {@code 30d}, or {@code PT5S}. */
public final class Durations {
    public static final String EXPECTED = "a duration such as 250ms, 5s, 10m, 6h or 30d";

    // Nine digits, so that even days fit a long of milliseconds.
    private static final Pattern SHORT = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

    private static final int MOST_DAYS = 999_999_999;

    private Durations() {}

    /** Empty if it is none. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = SHORT.matcher(text.strip());
        if (!matcher.matches()) {
            return parseIso(text.strip());
        }
        long amount = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                });
    }

    private static Optional<Duration> parseIso(String text) {
        try {
            return Optional.of(Duration.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** In the largest unit that divides it, so that {@link #parse} gives the same again. */
    public static String format(Duration duration) {
        if (duration.isNegative() || duration.toDays() > MOST_DAYS || !divides(ChronoUnit.MILLIS, duration)) {
            return duration.toString();
        }
        return Stream.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS)
                .filter(unit -> !duration.isZero() && divides(unit, duration))
                .findFirst()
                .map(unit -> duration.dividedBy(unit.getDuration())
                        + unit.name().substring(0, 1).toLowerCase(Locale.ROOT))
                .orElseGet(() -> duration.toMillis() + "ms");
    }

    private static boolean divides(ChronoUnit unit, Duration duration) {
        return duration.truncatedTo(unit).equals(duration);
    }

    static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
