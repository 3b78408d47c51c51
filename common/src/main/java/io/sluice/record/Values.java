package io.sluice.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Texts of records as numbers and times, or one line that says what is wrong with them. */
final class Values {
    /** Far more than anybody needs, and far enough from the end of an int that adding to it is safe. */
    static final int MOST = 1_000_000_000;

    private static final int LONGEST_SHOWN = 64;

    private Values() {}

    /** @throws Undecodable if it is no number from 0 to {@link #MOST} */
    static int count(String name, String text) throws Undecodable {
        try {
            int count = Integer.parseInt(text);
            if (count >= 0 && count <= MOST) {
                return count;
            }
        } catch (NumberFormatException none) {
            // said below
        }
        throw new Undecodable(name + " is " + quoted(text) + ", which is no number from 0 to " + MOST);
    }

    /** @throws Undecodable if it is no time of the years 0 to 9999, the only ones that RFC 3339 has */
    static Instant time(String name, String text) throws Undecodable {
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getYear() >= 0 && time.getYear() <= 9999) {
                return time.toInstant();
            }
        } catch (DateTimeException none) {
            // said below
        }
        throw new Undecodable(name + " is " + quoted(text) + ", which is no RFC 3339 time");
    }

    /** @throws Undecodable if it is neither true nor false */
    static boolean flag(String name, String text) throws Undecodable {
        if (!text.equals("true") && !text.equals("false")) {
            throw new Undecodable(name + " is " + quoted(text) + ", which is neither true nor false");
        }
        return text.equals("true");
    }

    static String quoted(String text) {
        String shown = text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
        return "'" + shown.replaceAll("\\R|\\p{Cntrl}", " ") + "'";
    }
}
