package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.consumer.command.LocalPipeline;
import io.sluice.consumer.engine.ConsumerStatus;
import io.sluice.record.HeaderNames;
import io.sluice.record.NewTask;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

/** Tasks that go to another topic or partition on their way. */
class MovesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aScheduledTaskRunsOnceAndNotBeforeItsTimeAlthoughItsConsumerIsReplacedMeanwhile() {
        List<Instant> starts = new CopyOnWriteArrayList<>();
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            LocalPipeline first = pipeline.consume(1, () -> List.of(recorder(starts)));
            Instant due = Instant.now().plusSeconds(13);

            Future<?> done =
                    pipeline.submit(List.of(new NewTask("later", "record", "key", "{}".getBytes(UTF_8), due, null)));
            String tier = pipeline.settings().topics().delays().get(0).topic();
            await().atMost(PATIENCE).until(() -> pipeline.read(tier).size() == 1);
            pipeline.stop(first);
            pipeline.consume(1, () -> List.of(recorder(starts)));
            pipeline.result(done);

            assertThat(starts)
                    .singleElement()
                    .satisfies(start -> assertThat(start).isAfterOrEqualTo(due));
            assertThat(pipeline.read(tier))
                    .as("the rest was too short for another")
                    .hasSize(1);
        }
    }

    @Test
    void aTaskThatAnotherPartitionerHasPlacedRunsOnceInThePartitionOfItsKey() {
        List<Instant> starts = new CopyOnWriteArrayList<>();
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_DEFAULT_TYPE", "record"))) {
            byte[] key = "example.org".getBytes(UTF_8);
            String topic = pipeline.settings().topics().tasks();
            LocalPipeline consumers = pipeline.consume(2, () -> List.of(recorder(starts)));
            int partitions = consumers.status().stream()
                    .mapToInt(ConsumerStatus::partitions)
                    .sum();
            int home = BuiltInPartitioner.partitionForKey(key, partitions);
            int away = (home + 1) % partitions;

            pipeline.send(List.of(new ProducerRecord<>(topic, away, key, "{}".getBytes(UTF_8))));

            ConsumerRecord<byte[], byte[]> result = await().atMost(PATIENCE)
                    .until(() -> pipeline.read(pipeline.settings().topics().results()), results -> !results.isEmpty())
                    .get(0);
            assertThat(HeaderNames.text(result.headers(), HeaderNames.SUBJECT)).isEqualTo(topic + "-" + away + "-0");
            assertThat(starts).hasSize(1);
            assertThat(pipeline.read(topic))
                    .extracting(ConsumerRecord::partition)
                    .containsExactlyInAnyOrder(away, home);
            assertThat(consumers.status().stream()
                            .mapToLong(status -> status.moves().strays())
                            .sum())
                    .isEqualTo(1);
        }
    }

    private static Async recorder(List<Instant> starts) {
        return new Async("record", (payload, task) -> {
            starts.add(Instant.now());
            return Future.succeededFuture("done");
        });
    }
}
