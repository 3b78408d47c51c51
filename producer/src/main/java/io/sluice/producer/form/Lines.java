package io.sluice.producer.form;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of a stream, one at a time and of bounded length, decoded as strict UTF-8. Blocks; one thread. */
final class Lines {
    /** What a Kafka broker takes by default; a longer line could not become a task. */
    static final int LONGEST = 1 << 20;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final String name;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private long number;

    Lines(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    /** The number of the line that {@link #next} returned or refused, counted from 1. */
    long number() {
        return number;
    }

    /** Whether the next line is here already, to its end. */
    boolean hasOneAtHand() {
        for (int i = position; i < limit; i++) {
            if (buffer[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    /**
     * The next line without its end; null after the last.
     *
     * @throws BadLine if it is too long or no UTF-8; the one after it can be read all the same
     */
    @Nullable
    String next() throws IOException, BadLine {
        if (position == limit && !fill()) {
            return null;
        }
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        boolean tooLong = false;
        do {
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            tooLong |= line.size() + (end - position) > LONGEST;
            if (!tooLong) {
                line.write(buffer, position, end - position);
            }
            position = end;
        } while (position == limit && fill());
        if (position < limit) {
            position++;
        }
        if (tooLong) {
            throw new BadLine(name, number, 1, "the line is longer than " + LONGEST + " bytes");
        }
        return decoded(line.toByteArray());
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    private String decoded(byte[] line) throws BadLine {
        int start = number == 1 && startsWithMark(line) ? BYTE_ORDER_MARK.length : 0;
        CharBuffer text = CharBuffer.allocate(line.length);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(line, start, line.length - start), text, true);
        if (result.isError()) {
            throw new BadLine(name, number, text.position() + 1, "not UTF-8");
        }
        String decoded = text.flip().toString();
        return decoded.endsWith("\r") ? decoded.substring(0, decoded.length() - 1) : decoded;
    }

    private static boolean startsWithMark(byte[] line) {
        int length = BYTE_ORDER_MARK.length;
        return line.length >= length && Arrays.equals(line, 0, length, BYTE_ORDER_MARK, 0, length);
    }
}
