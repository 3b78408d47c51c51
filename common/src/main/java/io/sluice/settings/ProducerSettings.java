package io.sluice.settings;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a producer takes tasks in.
 *
 * @param listen where, and from whom
 * @param maxBuffered the most tasks that wait for the broker's acknowledgement; beyond it new ones are refused
 * @param maxBufferedBytes the most bytes of such tasks; a single one may have more
 * @param http the bounds of what it takes over HTTP
 * @param index what it remembers of recent tasks
 * @param schemas for each type that has one the file of the JSON Schema that its payloads must satisfy
 */
public record ProducerSettings(
        Listen listen,
        int maxBuffered,
        int maxBufferedBytes,
        HttpLimits http,
        IndexSettings index,
        Map<String, Path> schemas) {

    /** @throws SettingsException if a bound of the buffer is below 1 */
    public ProducerSettings {
        schemas = Collections.unmodifiableMap(new LinkedHashMap<>(schemas));
        new Checks()
                .atLeast("max-buffered", maxBuffered, 1)
                .atLeast("max-buffered-size", maxBufferedBytes, 1)
                .finish();
    }

    static ProducerSettings defaults() {
        return new ProducerSettings(
                Listen.defaults(), 10_000, 64 << 20, HttpLimits.defaults(), IndexSettings.defaults(), Map.of());
    }
}
