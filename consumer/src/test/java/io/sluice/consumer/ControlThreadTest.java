package io.sluice.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.consumer.kafka.EndOffsets;
import io.sluice.consumer.kafka.PausedTypes;
import io.sluice.record.Pause;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoBlockedEventLoops.class)
class ControlThreadTest {
    private static final String NAME = "sluice-control-test";
    private static final String TOPIC = "tasks.control";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    private final Vertx vertx = Vertx.vertx();
    private final VertxLoop loop = new VertxLoop(vertx, vertx.getOrCreateContext());
    private final MockConsumer<byte[], byte[]> reader = new MockConsumer<>("none");
    private final PausedTypes types = new PausedTypes(reader, TOPIC);
    private final EndOffsets ends = new EndOffsets();
    private final List<Set<String>> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() {
        reader.updateBeginningOffsets(Map.of(PARTITION, 0L));
        reader.updateEndOffsets(Map.of(PARTITION, 0L));
    }

    @AfterEach
    void close() {
        Tests.close(vertx);
        Tests.await().until(() -> Tests.threads(NAME) == 0);
    }

    private ControlThread thread() {
        return new ControlThread(
                NAME, ControlThread.open(types, TOPIC, Duration.ofSeconds(30)), heard::add, ends, loop);
    }

    private void write(long offset, String type) {
        ProducerRecord<byte[], byte[]> record = Pause.of(type, null, null).toRecord(TOPIC);
        reader.addRecord(new ConsumerRecord<>(TOPIC, 0, offset, record.key(), record.value()));
    }

    @Test
    void itTellsWhatChangesUntilItIsStopped() {
        ControlThread thread = thread();

        write(0, "fetch");
        Tests.await().until(() -> heard.equals(List.of(Set.of("fetch"))));
        write(1, "http");
        Tests.await().until(() -> heard.size() == 2);

        assertThat(heard.get(1)).containsExactlyInAnyOrder("fetch", "http");
        Tests.await().until(() -> thread.stop().isComplete());
        assertThat(reader.closed()).isTrue();
    }

    @Test
    void itAsksForTheEndsThatAreWantedAgainAndAgain() {
        TopicPartition work = new TopicPartition("tasks", 0);
        reader.updateEndOffsets(Map.of(work, 7L));
        ControlThread thread = thread();
        Tests.await().until(() -> ends.of(work).orElse(0) == 7);

        reader.updateEndOffsets(Map.of(work, 9L));
        Tests.await().until(() -> ends.of(work).orElse(0) == 9);

        Tests.await().until(() -> thread.stop().isComplete());
    }

    @Test
    void aBrokerThatRefusesForAWhileDoesNotEndIt() {
        ControlThread thread = thread();
        reader.setPollException(new KafkaException("not now"));
        write(0, "fetch");

        Tests.await().until(() -> heard.equals(List.of(Set.of("fetch"))));

        Tests.await().until(() -> thread.stop().isComplete());
    }

    @Test
    void aTopicThatMayNotBeReadIsToldInOneLine() {
        reader.updateEndOffsets(Map.of(PARTITION, 1L));
        reader.setPollException(new TopicAuthorizationException(Set.of(TOPIC)));

        assertThatThrownBy(() -> ControlThread.open(types, TOPIC, Duration.ofSeconds(30)))
                .isInstanceOf(ConsumerFailed.class)
                .hasCauseInstanceOf(AuthorizationException.class)
                .hasMessageContaining("cannot be read from topic " + TOPIC)
                .hasMessageContaining("allow this client to read and describe it")
                .hasMessageNotContaining("\n");
        assertThat(reader.closed()).isTrue();
    }

    @Test
    void aTopicThatDoesNotAnswerInTimeIsToldInOneLine() {
        reader.updateEndOffsets(Map.of(PARTITION, 1L));

        assertThatThrownBy(() -> ControlThread.open(types, TOPIC, Duration.ofMillis(20)))
                .isInstanceOf(ConsumerFailed.class)
                .hasMessageContaining("no answer within")
                .hasMessageNotContaining("\n");
        assertThat(reader.closed()).isTrue();
    }
}
