package io.sluice.record;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a task failed for good.
 *
 * @param reason one word: "undecodable", "payload", "result", "expired", "exhausted", "permanent", "too-old", "stuck",
 *     "unknown-type", "ordered-wait", "lost" or "stray"
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
        Instant last) {}
