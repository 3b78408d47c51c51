package io.sluice.standalone;

import static io.sluice.standalone.SomeTasks.task;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.sluice.record.HeaderNames;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What becomes of a task whose attempt fails. */
class RetryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void theLastFailureGoesToTheDeadLettersWithItsCauseAndTheOriginalBytes() {
        byte[] value = "{ \"n\" : 1.0,\t\"more\":[ ] }".getBytes(UTF_8);
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_DEFAULT_TYPE", "broken",
                "SLUICE_TYPES_BROKEN_RETRY_MAX_ATTEMPTS", "3",
                "SLUICE_TYPES_BROKEN_RETRY_BACKOFF", "10ms"))) {
            pipeline.consume(
                    1,
                    () -> List.of(new Blocking("broken", (payload, task) -> {
                        attempts.add(task.attempt());
                        throw new IllegalStateException("no luck", new IOException("disk full"));
                    })));
            ProducerRecord<byte[], byte[]> sent =
                    new ProducerRecord<>(pipeline.settings().topics().tasks(), "key".getBytes(UTF_8), value);
            sent.headers().add("x-mine", new byte[] {0, -1});

            pipeline.send(List.of(sent));

            ConsumerRecord<byte[], byte[]> letter =
                    onlyRecord(pipeline, pipeline.settings().topics().deadLetters());
            assertThat(attempts).containsExactly(1, 2, 3);
            assertThat(letter.key()).isEqualTo(sent.key());
            assertThat(letter.value()).isEqualTo(value);
            assertThat(letter.headers().lastHeader("x-mine").value()).containsExactly(0, -1);
            assertThat(header(letter, "sluice-reason")).isEqualTo("exhausted");
            assertThat(header(letter, "sluice-attempts")).isEqualTo("3");
            assertThat(header(letter, "sluice-origin-topic")).isEqualTo(sent.topic());
            assertThat(header(letter, "sluice-id"))
                    .isEqualTo(sent.topic() + "-" + header(letter, "sluice-origin-partition") + "-0");
            assertThat(Instant.parse(header(letter, "sluice-first-failure")))
                    .isBefore(Instant.parse(header(letter, "sluice-last-failure")));
            assertThat(header(letter, "kafka_dlt-exception-fqcn")).isEqualTo("java.lang.IllegalStateException");
            assertThat(header(letter, "kafka_dlt-exception-cause-fqcn")).isEqualTo("java.io.IOException");
            assertThat(header(letter, "kafka_dlt-exception-message")).isEqualTo("no luck");
            assertThat(header(letter, "kafka_dlt-exception-stacktrace")).contains("Caused by", "disk full");
            assertThat(ByteBuffer.wrap(letter.headers()
                                    .lastHeader("kafka_dlt-original-offset")
                                    .value())
                            .getLong())
                    .isZero();

            ConsumerRecord<byte[], byte[]> result =
                    onlyRecord(pipeline, pipeline.settings().topics().results());
            assertThat(header(result, "ce_type")).isEqualTo("broken.failed");
            assertThat(header(result, "ce_subject")).isEqualTo(header(letter, "sluice-id"));
            assertThat(new String(result.value(), UTF_8))
                    .isEqualTo("{\"reason\":\"exhausted\",\"attempts\":3,\"message\":\"no luck\"}");
        }
    }

    @Test
    void theWaitsBetweenAttemptsGrow() {
        List<Long> starts = new CopyOnWriteArrayList<>();
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_TYPES_FLAKY_RETRY_BACKOFF", "50ms",
                "SLUICE_TYPES_FLAKY_RETRY_FACTOR", "4",
                "SLUICE_TYPES_FLAKY_RETRY_JITTER", "none"))) {
            pipeline.consume(
                    1,
                    () -> List.of(new Async("flaky", (payload, task) -> {
                        starts.add(System.nanoTime());
                        return task.attempt() < 3 ? Future.failedFuture("not yet") : Future.succeededFuture("now");
                    })));

            assertThat(pipeline.run(List.of(task("flaky"))))
                    .singleElement()
                    .satisfies(result -> assertThat(result.attempts()).isEqualTo(3));

            assertThat(Duration.ofNanos(starts.get(1) - starts.get(0))).isGreaterThanOrEqualTo(Duration.ofMillis(50));
            assertThat(Duration.ofNanos(starts.get(2) - starts.get(1))).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void aPermanentFailureIsNotTriedAgain() {
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.consume(
                    1,
                    () -> List.of(new Async("hopeless", (payload, task) -> {
                        attempts.add(task.attempt());
                        return Future.failedFuture(new PermanentFailure("there is no such page"));
                    })));

            assertThat(pipeline.run(List.of(task("hopeless")))).singleElement().satisfies(result -> {
                assertThat(result.succeeded()).isFalse();
                assertThat(result.value().path("reason").asText()).isEqualTo("permanent");
                assertThat(result.value().path("message").asText()).isEqualTo("there is no such page");
            });
            assertThat(attempts).containsExactly(1);
        }
    }

    @Test
    void aTaskThatWaitsForItsNextAttemptHoldsNoPermit() {
        List<String> done = new CopyOnWriteArrayList<>();
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_CONSUMER_MAX_IN_FLIGHT", "1"))) {
            pipeline.consume(
                    1,
                    () -> List.of(new Async("polite", (payload, task) -> {
                        if (task.id().equals("first") && !done.contains("second")) {
                            return Future.failedFuture(new RetryLater(Duration.ofMillis(200), "after you"));
                        }
                        done.add(task.id());
                        return Future.succeededFuture(task.attempt());
                    })));

            assertThat(pipeline.run(List.of(task("first", "polite", null, "{}"), task("second", "polite", null, "{}"))))
                    .hasSize(2);
            assertThat(done).containsExactly("second", "first");
        }
    }

    @Test
    void withALimitOfOneTheTasksOfAKeyRunInTopicOrderRetriesIncluded() {
        Map<String, List<String>> finished = new ConcurrentHashMap<>();
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY", "1",
                "SLUICE_TYPES_STEP_RETRY_BACKOFF", "20ms"))) {
            pipeline.consume(
                    2,
                    () -> List.of(new Blocking("step", (payload, task) -> {
                        if (payload.path("n").asInt() % 4 == 0 && task.attempt() < 3) {
                            throw new IOException("try again");
                        }
                        finished.computeIfAbsent(String.valueOf(task.key()), key -> new CopyOnWriteArrayList<>())
                                .add(task.id());
                        return null;
                    })));

            assertThat(pipeline.run(SomeTasks.tasks("step", 60, 3))).hasSize(60);

            assertThat(finished).hasSize(3).allSatisfy((key, ids) -> {
                List<String> inOrder = new ArrayList<>();
                for (int n = Integer.parseInt(key.substring(4)); n < 60; n += 3) {
                    inOrder.add("step-" + n);
                }
                assertThat(ids).isEqualTo(inOrder);
            });
        }
    }

    private static ConsumerRecord<byte[], byte[]> onlyRecord(TestPipeline pipeline, String topic) {
        return await().atMost(PATIENCE)
                .until(() -> pipeline.read(topic), records -> !records.isEmpty())
                .get(0);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return String.valueOf(HeaderNames.text(record.headers(), name));
    }
}
