package io.sluice.record;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What has been tried so far.
 *
 * @param made attempts
 * @param counted those of them that count against the policy's limit
 * @param firstStart when the first began; null before it
 * @param firstFailure null if none has failed
 * @param lastFailure null if none has failed
 */
public record Tries(
        int made,
        int counted,
        @Nullable Instant firstStart,
        @Nullable Instant firstFailure,
        @Nullable Instant lastFailure) {
    /** Of a task that has not been tried. */
    public static final Tries NONE = new Tries(0, 0, null, null, null);
}
