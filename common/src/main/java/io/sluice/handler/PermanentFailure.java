package io.sluice.handler;

import org.jspecify.annotations.Nullable;

/** Thrown by a handler: trying again cannot help. The task goes to the dead letters after this attempt. */
public final class PermanentFailure extends RuntimeException {
    public PermanentFailure(String message) {
        super(message);
    }

    public PermanentFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
