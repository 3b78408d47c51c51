package io.sluice.consumer;

import org.jspecify.annotations.Nullable;

/** A consumer that cannot start or go on. Its message has a line for each thing that is wrong, and
 * says what mends it. */
public final class ConsumerFailed extends RuntimeException {
    public ConsumerFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
