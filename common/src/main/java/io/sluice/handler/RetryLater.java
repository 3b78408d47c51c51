package io.sluice.handler;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler: not now, but after this delay, as a server's {@code Retry-After} asks. It uses up no attempt; the
 * type's {@code max-age} bounds how long it can go on.
 *
 * <p>{@code throw new RetryLater(Duration.ofMinutes(1), "429").forKey()} holds back all tasks of the key, not only this
 * one.
 */
public final class RetryLater extends RuntimeException {
    private final Duration delay;
    private final boolean holdsKey;

    /** @throws IllegalArgumentException if the delay is negative */
    public RetryLater(Duration delay, String message) {
        this(delay, message, false);
    }

    private RetryLater(Duration delay, @Nullable String message, boolean holdsKey) {
        super(message);
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a delay cannot be negative, but is " + delay);
        }
        this.delay = delay;
        this.holdsKey = holdsKey;
    }

    /**
     * The same for the whole key: none of its tasks starts before the delay is over; those that run go on. For a task
     * without a key it makes no difference.
     */
    public RetryLater forKey() {
        RetryLater forKey = new RetryLater(delay, getMessage(), true);
        forKey.setStackTrace(getStackTrace());
        if (getCause() != null) {
            forKey.initCause(getCause());
        }
        return forKey;
    }

    public Duration delay() {
        return delay;
    }

    /** Whether the key's other tasks wait too. */
    public boolean holdsKey() {
        return holdsKey;
    }
}
