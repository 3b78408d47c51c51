package io.sluice.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PauseTest {
    private final List<String> doubts = new ArrayList<>();

    private Optional<Pause> read(ConsumerRecord<byte[], byte[]> record) {
        return Pause.read(record, (type, why) -> doubts.add(type + ": " + why));
    }

    private Optional<Pause> read(@Nullable String key, @Nullable String value) {
        return read(Records.written(new ProducerRecord<>(
                "tasks.control",
                key == null ? null : key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8))));
    }

    @Test
    void aPauseIsReadAsItWasWritten() {
        Pause pause = Pause.of("größe", Instant.parse("2026-11-22T20:46:39.5Z"), "ann");

        assertThat(read(Records.written(pause.toRecord("tasks.control")))).contains(pause);
        assertThat(doubts).isEmpty();
    }

    @Test
    void soIsOneOfUnknownOrigin() {
        Pause pause = Pause.of("fetch", null, null);
        ProducerRecord<byte[], byte[]> record = pause.toRecord("tasks.control");

        assertThat(record.key()).asString(UTF_8).isEqualTo("pause:fetch");
        assertThat(record.value()).asString(UTF_8).isEqualTo("{}");
        assertThat(read(Records.written(record))).contains(pause);
    }

    @Test
    void itsEndIsATombstone() {
        ProducerRecord<byte[], byte[]> record = Pause.end("fetch").toRecord("tasks.control");

        assertThat(record.topic()).isEqualTo("tasks.control");
        assertThat(record.value()).isNull();
        assertThat(read(Records.written(record))).contains(Pause.end("fetch"));
    }

    @Test
    void whatLaterVersionsSayIsNone() {
        assertThat(read(null, "{}")).isEmpty();
        assertThat(read("cancel:7", "{}")).isEmpty();
        assertThat(read("cancel:7", null)).isEmpty();
        assertThat(read("pause:fetch", "{\"until\":\"later\"}")).contains(Pause.of("fetch", null, null));
        assertThat(doubts).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "true", "[]", "{\"since\":\"yesterday\"}"})
    void aValueThatMakesNoSensePausesAllTheSame(String value) {
        assertThat(read("pause:fetch", value)).contains(Pause.of("fetch", null, null));
        assertThat(doubts).singleElement().asString().startsWith("fetch: ").doesNotContain("\n", "null");
    }
}
