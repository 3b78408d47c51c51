package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void theDefaultsAreAsPromised() {
        Settings settings = Settings.defaults();

        assertThat(settings.kafka()).containsExactly(Map.entry("bootstrap.servers", "localhost:9092"));
        assertThat(settings.topics()).isEqualTo(TopicNames.of("tasks"));
        assertThat(settings.defaultType()).isEqualTo("fetch");
        assertThat(settings.consumer().limits()).isEqualTo(new Limits(100, 10, 10));
        assertThat(settings.consumer().patience())
                .isEqualTo(new Patience(
                        Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofSeconds(45)));
        assertThat(settings.maxPollInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.maxPollRecords()).isEqualTo(500);
        assertThat(settings.type("any").timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.type("any").maxInFlight()).isEqualTo(100);
    }

    @Test
    void aRecordSaysAllOfItsFaults() {
        assertThatThrownBy(() -> new Limits(0, -1))
                .isInstanceOf(SettingsException.class)
                .hasMessage("max-in-flight: found 0, expected at least 1\n"
                        + "max-in-flight-per-key: found -1, expected at least 1");
        assertThatThrownBy(() -> new Limits(0, -1))
                .extracting(e -> ((SettingsException) e).faults())
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .containsExactly(
                        new Fault("max-in-flight", "0", "at least 1"),
                        new Fault("max-in-flight-per-key", "-1", "at least 1"));
    }

    @Test
    void settingsMadeInCodeAreCheckedAsThoseOfAFile() {
        Settings defaults = Settings.defaults();

        assertThatThrownBy(() -> new Settings(
                        Map.of("acks", "1"),
                        "",
                        "fetch",
                        defaults.consumer(),
                        defaults.producer(),
                        Map.of("fetch", TypeSettings.defaults(101, Duration.ofSeconds(1)))))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("kafka.bootstrap.servers: found \"\"")
                .hasMessageContaining("kafka.acks: refused")
                .hasMessageContaining("topic: found \"\"")
                .hasMessageContaining("types.fetch.max-in-flight: found 101");
    }

    @Test
    void theMaxPollIntervalIsKafkas() {
        assertThat(Loading.settings("kafka: {max.poll.interval.ms: 60000}").maxPollInterval())
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void theMaxPollRecordsAreKafkas() {
        assertThat(Loading.settings("kafka: {max.poll.records: 1000}").maxPollRecords())
                .isEqualTo(1_000);
    }

    @Test
    void virtualThreadsNeedAJavaThatHasThem() {
        assertThatThrownBy(() -> WorkerPool.check(ThreadKind.VIRTUAL, 1, 17))
                .hasMessage("threads: found virtual on Java 17, expected platform, or Java 21 or newer");
        assertThatCode(() -> WorkerPool.check(ThreadKind.VIRTUAL, 1, 21)).doesNotThrowAnyException();
        assertThatCode(() -> WorkerPool.check(ThreadKind.PLATFORM, 1, 17)).doesNotThrowAnyException();
    }

    @Test
    void optionsMustBeAnObject() {
        TypeSettings type = Settings.defaults().type("fetch");

        assertThatThrownBy(() ->
                        new TypeSettings(type.timeout(), 1, type.answers(), type.retry(), type.pool(), Json.of("[1]")))
                .hasMessage("options: found [1], expected a mapping");
    }

    @Test
    void nothingChangesSettingsAfterwards() {
        Map<String, String> kafka = new HashMap<>(Map.of("bootstrap.servers", "a:1"));
        ObjectNode options = (ObjectNode) Json.of("{}");
        Settings defaults = Settings.defaults();
        TypeSettings type = defaults.type("fetch");
        TypeSettings mine = new TypeSettings(type.timeout(), 1, type.answers(), type.retry(), type.pool(), options);
        Settings settings =
                new Settings(kafka, "tasks", "fetch", defaults.consumer(), defaults.producer(), Map.of("fetch", mine));

        kafka.put("acks", "0");
        options.put("late", true);

        assertThat(settings.kafka()).doesNotContainKey("acks");
        assertThat(settings.type("fetch").options().has("late")).isFalse();
    }
}
