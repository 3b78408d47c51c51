package io.sluice.handler;

import java.time.Duration;

/**
 * Thrown by a handler: not now, but after this delay, as a server's {@code Retry-After} asks. It uses up no attempt; the
 * type's {@code max-age} bounds how long it can go on.
 */
public final class RetryLater extends RuntimeException {
    private final Duration delay;

    /** @throws IllegalArgumentException if the delay is negative */
    public RetryLater(Duration delay, String message) {
        super(message);
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a delay cannot be negative, but is " + delay);
        }
        this.delay = delay;
    }

    public Duration delay() {
        return delay;
    }
}
