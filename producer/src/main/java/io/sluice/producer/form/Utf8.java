package io.sluice.producer.form;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Whether bytes are text, and where in the text a byte is. */
final class Utf8 {
    private Utf8() {}

    /**
     * Looks at every byte, so that nobody after it has to doubt them.
     *
     * @throws BadTask if they are not UTF-8, or have a NUL, by which a JSON parser would take them for UTF-16; with its place
     */
    static void check(byte[] text) throws BadTask {
        for (byte each : text) {
            if (each <= 0) {
                checkSlowly(text);
                return;
            }
        }
    }

    private static void checkSlowly(byte[] text) throws BadTask {
        CharBuffer decoded = CharBuffer.allocate(text.length);
        ByteBuffer bytes = ByteBuffer.wrap(text);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(bytes, decoded, true);
        if (result.isError()) {
            throw at(text, bytes.position(), new BadTask(null, "not UTF-8"));
        }
        for (int i = 0; i < text.length; i++) {
            if (text[i] == 0) {
                throw at(text, i, new BadTask(null, "there is a NUL character"));
            }
        }
    }

    /** The fault at the place of a byte: its line and its column in characters, both counted from 1. */
    static BadTask at(byte[] text, long offset, BadTask fault) {
        int end = (int) Math.max(0, Math.min(offset, text.length));
        int line = 1;
        int begin = 0;
        for (int i = 0; i < end; i++) {
            if (text[i] == '\n') {
                line++;
                begin = i + 1;
            }
        }
        int column = new String(text, begin, end - begin, StandardCharsets.UTF_8).length() + 1;
        return fault.at(line, column);
    }
}
