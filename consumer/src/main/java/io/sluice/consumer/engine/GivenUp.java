package io.sluice.consumer.engine;

import org.jspecify.annotations.Nullable;

/** What Sluice itself says of a task that it gives up without asking its handler again. */
final class GivenUp extends RuntimeException {
    /** @param lastFailure what its last attempt ended with; null if there was none */
    GivenUp(String message, @Nullable Throwable lastFailure) {
        super(message, lastFailure, false, false);
    }
}
