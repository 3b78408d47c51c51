package io.sluice.producer.form;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** What holds for a task's attributes, however it came in. */
public final class Fields {
    private static final int LONGEST = 1_024;
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");
    private static final int LONGEST_SHOWN = 64;

    private Fields() {}

    /** Ids, types and keys become headers, log lines and metrics: no control characters, and not without end. */
    public static String text(String field, String value) throws BadTask {
        if (value.isBlank()) {
            throw new BadTask(field, "is empty; leave it out or give it a value");
        }
        if (value.length() > LONGEST) {
            throw new BadTask(field, "has " + value.length() + " characters; at most " + LONGEST + " are allowed");
        }
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            if (Character.isISOControl(each)) {
                throw new BadTask(field, "has control characters");
            }
            if (Character.isSurrogate(each)) {
                checkPairs(field, value);
            }
        }
        return value;
    }

    private static void checkPairs(String field, String value) throws BadTask {
        if (!UTF_8.newEncoder().canEncode(value)) {
            throw new BadTask(field, "has half a surrogate pair, which no UTF-8 can hold");
        }
    }

    /** An id is a segment of a path, too, where these two mean something else. */
    public static String id(String field, String value) throws BadTask {
        if (value.equals(".") || value.equals("..")) {
            throw new BadTask(field, "is " + shown(value) + ", which no path can end with; give another");
        }
        return text(field, value);
    }

    public static Instant time(String field, String value) throws BadTask {
        try {
            return time(field, OffsetDateTime.parse(value).toInstant());
        } catch (DateTimeParseException e) {
            throw new BadTask(field, "is " + shown(value) + "; give an RFC 3339 time such as 2026-01-31T08:00:00Z");
        }
    }

    /** RFC 3339 has four digits for the year. */
    public static Instant time(String field, Instant time) throws BadTask {
        if (time.isBefore(FIRST) || !time.isBefore(END)) {
            throw new BadTask(field, "is " + time + ", but RFC 3339 has no years but 0000 to 9999");
        }
        return time;
    }

    public static void order(String later, @Nullable Instant notBefore, @Nullable Instant expires) throws BadTask {
        if (notBefore != null && expires != null && !notBefore.isBefore(expires)) {
            throw new BadTask(later, "is " + expires + ", but the task is not due before " + notBefore);
        }
    }

    /** A piece of input as an error may quote it: in one line, and not too much of it. */
    public static String shown(String value) {
        String start = value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN) + "…";
        return '"' + start.replaceAll("\\p{Cntrl}", "�") + '"';
    }
}
