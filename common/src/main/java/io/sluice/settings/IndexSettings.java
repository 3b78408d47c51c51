package io.sluice.settings;

import java.time.Duration;

/**
 * What a producer remembers of recent tasks: to answer what became of one, and to know one that is sent again.
 *
 * @param maxTasks of how many
 * @param maxBytes of memory for them and their results, roughly
 * @param window for how long
 */
public record IndexSettings(int maxTasks, int maxBytes, Duration window) {
    /** @throws SettingsException if a bound is below 1, or the window not positive */
    public IndexSettings {
        new Checks()
                .atLeast("max-tasks", maxTasks, 1)
                .atLeast("max-size", maxBytes, 1)
                .positive("window", window)
                .finish();
    }

    static IndexSettings defaults() {
        return new IndexSettings(100_000, 64 << 20, Duration.ofHours(1));
    }
}
