package io.sluice.settings;

import java.time.Duration;

/**
 * How long a consumer waits for running attempts when it has to let go.
 *
 * @param drainTimeout for all that runs when the consumer stops; then it is cancelled
 * @param handoverTimeout for what runs on partitions that go to another consumer; then it is cancelled
 * @param stopGrace from a cancellation until code that goes on regardless counts as stuck
 */
public record Stopping(Duration drainTimeout, Duration handoverTimeout, Duration stopGrace) {
    /** @throws SettingsException if a duration is not positive */
    public Stopping {
        new Checks()
                .positive("drain-timeout", drainTimeout)
                .positive("handover-timeout", handoverTimeout)
                .positive("stop-grace", stopGrace)
                .finish();
    }

    static Stopping defaults() {
        return new Stopping(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(5));
    }
}
