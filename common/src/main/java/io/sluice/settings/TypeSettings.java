package io.sluice.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.Map;

/**
 * What holds for the tasks of one type.
 *
 * @param timeout the longest that one attempt may run
 * @param maxInFlight the most attempts of this type at once, per consumer
 * @param answers what its finished tasks tell the world
 * @param retry when a failed one is tried again
 * @param pool the threads of its blocking code
 * @param options for the handler alone to understand: an object, empty when there are none
 */
public record TypeSettings(
        Duration timeout, int maxInFlight, Answers answers, RetrySettings retry, WorkerPool pool, JsonNode options) {
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** @throws SettingsException if the timeout is not positive, the limit below 1, or the options are no object */
    public TypeSettings {
        new Checks()
                .positive("timeout", timeout)
                .atLeast("max-in-flight", maxInFlight, 1)
                .expect(options.isObject(), "options", options.toString(), "a mapping")
                .finish();
        options = options.deepCopy();
    }

    /** The settings of a type that none were given for. */
    static TypeSettings defaults(int maxInFlight, Duration longestTimeout) {
        return new TypeSettings(
                Durations.shorter(DEFAULT_TIMEOUT, longestTimeout),
                maxInFlight,
                Answers.defaults(),
                RetrySettings.defaults(),
                new WorkerPool(ThreadKind.PLATFORM, maxInFlight),
                JsonNodeFactory.instance.objectNode());
    }

    /** Without the values of options, among which are headers with tokens. */
    @Override
    public String toString() {
        return "TypeSettings[timeout=" + timeout + ", maxInFlight=" + maxInFlight + ", answers=" + answers + ", retry="
                + retry + ", pool=" + pool + ", options="
                + options.properties().stream().map(Map.Entry::getKey).toList()
                + "]";
    }
}
