package io.sluice.producer.client;

/** As many tasks, or bytes of them, as may wait for the broker's acknowledgement already do; this one was not taken. */
public final class BufferFull extends RuntimeException {
    BufferFull(int waiting) {
        super(waiting
                + " tasks already wait for the broker, as many as producer.max-buffered and max-buffered-size allow; try again in a"
                + " moment");
    }
}
