package io.sluice.record;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a task failed for good.
 *
 * @param reason one of {@link #REASONS}
 * @param attempts how many were made
 * @param message what the last attempt said, in one line
 * @param cause what it threw; null if nothing was thrown
 * @param first when it first failed
 * @param last when it last failed
 */
public record Failure(
        String reason,
        int attempts,
        String message,
        @Nullable Throwable cause,
        Instant first,
        Instant last) {
    /** All that there are; the README says what each means. */
    public static final List<String> REASONS = List.of(
            "exhausted",
            "permanent",
            "too-old",
            "payload",
            "result",
            "undecodable",
            "expired",
            "stuck",
            "unknown-type",
            "ordered-wait",
            "stray",
            "lost");
}
