package io.sluice.consumer.engine;

import org.jspecify.annotations.Nullable;

/** A payload that does not fit its handler, or a result that cannot be written: trying again cannot help. */
public final class Misfit extends RuntimeException {
    private final String reason;

    /** @param reason {@code payload} or {@code result} */
    public Misfit(String reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
