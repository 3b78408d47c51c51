package io.sluice.settings;

import java.time.Duration;

/**
 * When a failed task is tried again: after {@code backoff · factor^(attempt − 1)}, at most {@code maxBackoff}, less its
 * jitter.
 *
 * @param maxAttempts the most attempts, the first included; 1 is no retry
 * @param backoff the wait after the first attempt
 * @param factor how much longer each further wait is
 * @param maxBackoff the longest wait
 * @param jitter how much of a wait is left to chance
 * @param maxAge how long after its first attempt began a task may still be tried
 */
public record RetrySettings(
        int maxAttempts, Duration backoff, double factor, Duration maxBackoff, Jitter jitter, Duration maxAge) {
    /** @throws SettingsException if a number is below 1, a duration not positive, or backoff above maxBackoff */
    public RetrySettings {
        new Checks()
                .atLeast("max-attempts", maxAttempts, 1)
                .positive("backoff", backoff)
                .expect(factor >= 1 && Double.isFinite(factor), "factor", Double.toString(factor), "at least 1")
                .positive("max-backoff", maxBackoff)
                .positive("max-age", maxAge)
                .compare(
                        backoff.compareTo(maxBackoff) <= 0,
                        "backoff",
                        Durations.format(backoff),
                        "at most max-backoff (" + Durations.format(maxBackoff) + ")",
                        "max-backoff")
                .finish();
    }

    static RetrySettings defaults() {
        return new RetrySettings(
                5, Duration.ofMillis(200), 2.0, Duration.ofSeconds(30), Jitter.FULL, Duration.ofHours(1));
    }
}
