package io.sluice.consumer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.settings.Answers;
import io.sluice.settings.Backoff;
import io.sluice.settings.ConsumerSettings;
import io.sluice.settings.GroupProtocol;
import io.sluice.settings.Jitter;
import io.sluice.settings.Limits;
import io.sluice.settings.Patience;
import io.sluice.settings.Results;
import io.sluice.settings.RetrySettings;
import io.sluice.settings.Settings;
import io.sluice.settings.Stopping;
import io.sluice.settings.ThreadKind;
import io.sluice.settings.TypeSettings;
import io.sluice.settings.WorkerPool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings with round numbers, so that a test can count on them. */
final class TestSettings {
    static final String TOPIC = "tasks";
    static final String RESULTS = "tasks.results";
    static final String DEAD_LETTERS = "tasks.dlq";
    static final String TYPE = "work";
    static final Duration TIMEOUT = Duration.ofSeconds(5);
    static final Duration BACKOFF = Duration.ofSeconds(1);
    static final Duration HANDOVER_TIMEOUT = Duration.ofSeconds(10);
    static final Duration STOP_GRACE = Duration.ofSeconds(2);
    static final Duration UNKNOWN_TYPE_WAIT = Duration.ofMinutes(1);
    static final Duration ORDERED_WAIT_MAX = Duration.ofHours(1);
    static final Duration STALL_WARNING = Duration.ofMinutes(1);
    static final Duration FENCE_AFTER = Duration.ofSeconds(45);
    static final Duration IN_MEMORY = Duration.ofSeconds(10);

    private TestSettings() {}

    static Settings of(Limits limits) {
        Settings defaults = Settings.defaults();
        return new Settings(
                defaults.kafka(),
                TOPIC,
                TYPE,
                new ConsumerSettings(
                        "workers",
                        GroupProtocol.CONSUMER,
                        limits,
                        Duration.ofMillis(100),
                        new Stopping(Duration.ofSeconds(30), HANDOVER_TIMEOUT, STOP_GRACE),
                        new Patience(UNKNOWN_TYPE_WAIT, ORDERED_WAIT_MAX, STALL_WARNING, FENCE_AFTER)),
                defaults.producer(),
                Map.of());
    }

    /** Three attempts, a second and two seconds apart. */
    static RetrySettings retry() {
        return new RetrySettings(
                3,
                new Backoff(BACKOFF, 2, Duration.ofMinutes(1), Jitter.NONE),
                Duration.ofHours(1),
                IN_MEMORY,
                List.of());
    }

    static TypeSettings type(int maxInFlight) {
        return type(maxInFlight, new Answers(Results.ALL, null));
    }

    static TypeSettings type(int maxInFlight, Answers answers) {
        return new TypeSettings(
                TIMEOUT,
                maxInFlight,
                answers,
                retry(),
                new WorkerPool(ThreadKind.PLATFORM, 4),
                JsonNodeFactory.instance.objectNode());
    }

    static Answers onTimeout(@Nullable JsonNode value) {
        return new Answers(Results.ALL, value);
    }
}
