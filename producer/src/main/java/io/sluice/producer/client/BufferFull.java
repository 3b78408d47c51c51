package io.sluice.producer.client;

/** As many tasks as may wait for the broker's acknowledgement already do; this one was not taken. */
public final class BufferFull extends RuntimeException {
    BufferFull(int maxBuffered) {
        super(maxBuffered + " tasks already wait for the broker; try again in a moment");
    }
}
