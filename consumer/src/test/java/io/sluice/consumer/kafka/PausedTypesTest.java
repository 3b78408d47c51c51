package io.sluice.consumer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.record.Pause;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PausedTypesTest {
    private static final String TOPIC = "tasks.control";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MockConsumer<byte[], byte[]> reader = new MockConsumer<>("none");
    private final PausedTypes types = new PausedTypes(reader, TOPIC);
    private long offset = 3;

    @BeforeEach
    void aTopicWhoseOldestRecordsAreCompactedAway() {
        reader.updateBeginningOffsets(Map.of(PARTITION, 3L));
        reader.updateEndOffsets(Map.of(PARTITION, 3L));
    }

    /** What is there before it is read: the mock gives to those who are assigned only. */
    private void there(Pause... pauses) {
        reader.updateEndOffsets(Map.of(PARTITION, offset + pauses.length));
        reader.schedulePollTask(() -> List.of(pauses).forEach(this::write));
    }

    private void write(Pause pause) {
        write(pause.toRecord(TOPIC));
    }

    @SuppressWarnings("NullAway") // the value of a tombstone
    private void write(ProducerRecord<byte[], byte[]> record) {
        reader.addRecord(new ConsumerRecord<>(
                TOPIC,
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                new RecordHeaders(),
                Optional.empty()));
        offset++;
    }

    private static Pause pause(String type) {
        return Pause.of(type, null, null);
    }

    @Test
    void theyAreReadFromTheBeginningAndTheLastWordCounts() {
        there(pause("fetch"), pause("http"), Pause.end("fetch"));

        types.read(PATIENCE);

        assertThat(types.now()).containsExactly("http");
    }

    @Test
    void aTopicWithoutAWordPausesNothingAndIsNotWaitedFor() {
        reader.schedulePollTask(() -> {
            throw new AssertionError("a poll waits for records that nobody has promised");
        });

        types.read(PATIENCE);

        assertThat(types.now()).isEmpty();
    }

    @Test
    void whatChangesIsToldOnce() {
        types.read(PATIENCE);

        write(pause("fetch"));
        assertThat(types.poll(NO_TIME)).contains(Set.of("fetch"));
        write(pause("fetch"));
        assertThat(types.poll(NO_TIME)).isEmpty();
        write(Pause.end("fetch"));
        assertThat(types.poll(NO_TIME)).contains(Set.of());
    }

    @Test
    void halfATopicIsNotTold() {
        reader.updateEndOffsets(Map.of(PARTITION, 5L));
        reader.schedulePollTask(() -> write(pause("fetch")));

        assertThat(types.poll(NO_TIME)).isEmpty();
        write(Pause.end("fetch"));
        assertThat(types.poll(NO_TIME)).contains(Set.of());
    }

    @Test
    void whatOtherRecordsSayIsNoneOfItsBusiness() {
        types.read(PATIENCE);

        write(new ProducerRecord<>(TOPIC, "cancel:7".getBytes(UTF_8), "{}".getBytes(UTF_8)));

        assertThat(types.poll(NO_TIME)).isEmpty();
    }

    @Test
    void aPauseThatCannotBeReadIsOne() {
        types.read(PATIENCE);

        write(new ProducerRecord<>(TOPIC, "pause:fetch".getBytes(UTF_8), "?".getBytes(UTF_8)));

        assertThat(types.poll(NO_TIME)).contains(Set.of("fetch"));
    }

    @Test
    void aTopicThatIsMadeAnewIsReadAgainFromItsBeginning() {
        there(pause("fetch"), pause("http"));
        types.read(PATIENCE);

        reader.setPollException(new OffsetOutOfRangeException(Map.of(PARTITION, 5L)));
        assertThat(types.poll(NO_TIME)).isEmpty();
        assertThat(types.now()).as("until it is known anew").containsExactlyInAnyOrder("fetch", "http");
        offset = 3;
        there(pause("http"));
        assertThat(types.poll(NO_TIME)).contains(Set.of("http"));
    }

    @Test
    void aBrokerThatDoesNotAnswerIsAskedAgainForAsLongAsThereIsTime() {
        reader.setPollException(new TimeoutException("not now"));
        there(pause("fetch"));

        types.read(PATIENCE);

        assertThat(types.now()).containsExactly("fetch");
    }

    @Test
    void aTopicWhoseEndIsNotReachedInTimeIsTold() {
        reader.updateEndOffsets(Map.of(PARTITION, 4L));

        assertThatThrownBy(() -> types.read(Duration.ofMillis(20)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("no answer within");
    }

    @Test
    void whatTimeDoesNotHealIsTold() {
        reader.updateEndOffsets(Map.of(PARTITION, 4L));
        reader.setPollException(new TopicAuthorizationException(Set.of(TOPIC)));

        assertThatThrownBy(() -> types.read(PATIENCE)).isInstanceOf(TopicAuthorizationException.class);
    }
}
