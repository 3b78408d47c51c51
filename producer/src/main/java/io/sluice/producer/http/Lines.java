package io.sluice.producer.http;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;

/** Cuts a stream of buffers into lines of bounded length. One event loop. */
final class Lines {
    /** Takes the lines one after the other. */
    interface Taker {
        /** @param line without its end */
        void line(byte[] line);

        /** One that was longer than it may be, and was not kept. */
        void tooLong();
    }

    private final int longest;
    private final Taker taker;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private boolean tooLong;

    Lines(int longest, Taker taker) {
        this.longest = longest;
        this.taker = taker;
    }

    void feed(Buffer chunk) {
        byte[] bytes = chunk.getBytes();
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, begin, i);
                give();
                begin = i + 1;
            }
        }
        keep(bytes, begin, bytes.length);
    }

    /** The stream has ended: what it ended with is a line, too. */
    void end() {
        if (tooLong || partial.size() > 0) {
            give();
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        if (tooLong || partial.size() + (to - from) > longest) {
            tooLong = true;
            partial.reset();
        } else {
            partial.write(bytes, from, to - from);
        }
    }

    private void give() {
        if (tooLong) {
            taker.tooLong();
        } else {
            taker.line(partial.toByteArray());
        }
        tooLong = false;
        partial.reset();
    }
}
