package io.sluice.settings;

import java.time.Duration;

/**
 * How long a failed task waits before it is tried again: {@code first · factor^(attempt − 1)}, at most {@code max}, less
 * its jitter.
 *
 * @param first the wait after the first attempt
 * @param factor how much longer each further wait is
 * @param max the longest wait
 * @param jitter how much of a wait is left to chance
 */
public record Backoff(Duration first, double factor, Duration max, Jitter jitter) {
    /** @throws SettingsException if the factor is below 1, a duration not positive, or the first wait above the longest */
    public Backoff {
        new Checks()
                .positive("backoff", first)
                .expect(factor >= 1 && Double.isFinite(factor), "factor", Double.toString(factor), "at least 1")
                .positive("max-backoff", max)
                .compare(
                        first.compareTo(max) <= 0,
                        "backoff",
                        Durations.format(first),
                        "at most max-backoff (" + Durations.format(max) + ")",
                        "max-backoff")
                .finish();
    }

    static Backoff defaults() {
        return new Backoff(Duration.ofMillis(200), 2.0, Duration.ofSeconds(30), Jitter.FULL);
    }
}
