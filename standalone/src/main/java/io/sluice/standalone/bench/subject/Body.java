package io.sluice.standalone.bench.subject;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The records of a measurement: JSON of a size.
 *
 * <pre>
 *   {"n":        42,"pad":"xxxxxxxxxxx…"}       the number always in the same place
 * </pre>
 */
public final class Body {
    private static final String HEAD = "{\"n\":";
    private static final int DIGITS = 10;
    private static final String MIDDLE = ",\"pad\":\"";
    private static final String TAIL = "\"}";

    /** The fewest bytes that a value has. */
    public static final int LEAST = HEAD.length() + DIGITS + MIDDLE.length() + TAIL.length();

    private Body() {}

    /** The value of a task's record, of so many bytes, or of as few as it takes. */
    public static byte[] of(int task, int bytes) {
        String pad = "x".repeat(Math.max(0, bytes - LEAST));
        return (HEAD + String.format(Locale.ROOT, "%" + DIGITS + "d", task) + MIDDLE + pad + TAIL)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The number of the task whose value this is. */
    public static int task(byte[] value) {
        int number = 0;
        for (int i = HEAD.length(); i < HEAD.length() + DIGITS; i++) {
            if (value[i] != ' ') {
                number = 10 * number + value[i] - '0';
            }
        }
        return number;
    }
}
