package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.cli.Waiting;
import io.sluice.consumer.ConsumerVerticle;
import io.sluice.consumer.metrics.ConsumerMetrics;
import io.sluice.handler.Handles;
import io.sluice.handler.PermanentFailure;
import io.sluice.record.Failure;
import io.sluice.record.NewTask;
import io.sluice.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a scrape shows of consumers that do everything that is counted. */
class MetricsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String KEY = "customer-4711";

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConsumerMetrics metrics = new ConsumerMetrics(registry);
    private final Promise<String> held = Promise.promise();
    private int number;

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
        registry.close();
    }

    private List<Handles<?, ?>> handlers() {
        return List.of(
                new Async("good", (payload, task) -> Future.succeededFuture("done")),
                new Async("bad", (payload, task) -> Future.failedFuture(new PermanentFailure("no"))),
                new Async(
                        "flaky",
                        (payload, task) -> task.attempt() == 1
                                ? Future.failedFuture(new IllegalStateException("again"))
                                : Future.succeededFuture("done")),
                new Async("slow", (payload, task) -> task.cancelled().map(cancelled -> "late")),
                new Async("held", (payload, task) -> held.future()));
    }

    private String deploy(TestPipeline pipeline) {
        return Waiting.on(
                vertx.deployVerticle(new ConsumerVerticle(pipeline.settings(), handlers(), metrics, Tracing.off())));
    }

    private ProducerRecord<byte[], byte[]> task(TestPipeline pipeline, String type) {
        return NewTask.of("task-" + number++, type, KEY, "{}".getBytes(UTF_8))
                .toRecord(pipeline.settings().topic(), "/test", null);
    }

    /** The value of the one series that has this name and all of these labels; -1 if there is none. */
    private double value(String name, String... labels) {
        List<String> found = registry.scrape()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .toList();
        assertThat(found).hasSizeLessThanOrEqualTo(1);
        return found.isEmpty()
                ? -1
                : Double.parseDouble(found.get(0).substring(found.get(0).lastIndexOf(' ')));
    }

    private void awaitValue(double expected, String name, String... labels) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(value(name, labels))
                        .as(name + " " + List.of(labels))
                        .isEqualTo(expected));
    }

    @Test
    void everyNumberHasItsNameAndNoLabelIsAKey() {
        try (TestPipeline pipeline = TestPipeline.open(
                Map.of("SLUICE_TYPES_SLOW_TIMEOUT", "300ms", "SLUICE_TYPES_SLOW_RETRY_MAX_ATTEMPTS", "1"))) {
            deploy(pipeline);
            deploy(pipeline);
            awaitValue(TestPipeline.PARTITIONS, "sluice_partitions_owned");
            List<ProducerRecord<byte[], byte[]>> tasks = new ArrayList<>();
            for (String type : List.of("good", "good", "bad", "flaky", "slow", "held")) {
                tasks.add(task(pipeline, type));
            }
            ProducerRecord<byte[], byte[]> later = task(pipeline, "good");
            later.headers()
                    .add(
                            "ce_notbefore",
                            Instant.now().plusSeconds(3_600).toString().getBytes(UTF_8));
            tasks.add(later);
            pipeline.send(tasks);

            awaitValue(2, "sluice_attempts_total", "type=\"good\"", "outcome=\"succeeded\"");
            awaitValue(1, "sluice_attempts_total", "type=\"bad\"", "outcome=\"failed\"");
            awaitValue(1, "sluice_attempts_total", "type=\"slow\"", "outcome=\"timed_out\"");
            awaitValue(0, "sluice_attempts_total", "type=\"good\"", "outcome=\"cancelled\"");
            awaitValue(1, "sluice_retries_total", "type=\"flaky\"");
            awaitValue(1, "sluice_timeouts_total", "type=\"slow\"");
            awaitValue(1, "sluice_dead_letters_total", "type=\"bad\"", "reason=\"permanent\"");
            awaitValue(1, "sluice_dead_letters_total", "type=\"slow\"", "reason=\"exhausted\"");
            awaitValue(2, "sluice_tasks_settled_total", "type=\"good\"");
            awaitValue(1, "sluice_moves_total", "kind=\"delay\"");
            awaitValue(1, "sluice_tasks_in_flight", "type=\"held\"");
            awaitValue(1, "sluice_tasks_delayed");
            int permits = pipeline.settings().consumer().limits().maxInFlight();
            awaitValue(2 * permits - 1, "sluice_permits_free");
            int held = pipeline.settings().type("held").maxInFlight();
            awaitValue(2 * held - 1, "sluice_type_permits_free", "type=\"held\"");
            for (String name : List.of(
                    "sluice_tasks_waiting",
                    "sluice_tasks_backing_off",
                    "sluice_tasks_settling",
                    "sluice_tasks_due",
                    "sluice_scaling_backlog_tasks")) {
                awaitValue(0, name);
            }
            awaitValue(0, "sluice_attempts_stuck", "type=\"held\"");
            // All of one key, so in one partition: the held task is its oldest, or others are before it.
            String topic = "topic=\"" + pipeline.settings().topic() + "\"";
            await().atMost(PATIENCE).untilAsserted(() -> {
                String scrape = registry.scrape();
                assertThat(lines(scrape, "sluice_partition_lag_records", topic))
                        .anyMatch(line -> line.endsWith(" 2.0"));
                assertThat(lines(scrape, "sluice_partition_uncommitted_span_records", topic))
                        .anyMatch(line -> line.endsWith(" 2.0"));
                assertThat(lines(scrape, "sluice_partition_oldest_unsettled_age_seconds", topic))
                        .anyMatch(line -> !line.endsWith(" 0.0"));
                assertThat(lines(scrape, "sluice_partition_lag_records", "partition="))
                        .as("the seven topics, each with its partitions")
                        .hasSize(7 * TestPipeline.PARTITIONS);
            });
            awaitValue(5, "sluice_offsets_committed_total", topic);
            assertThat(value("sluice_commits_total", "outcome=\"succeeded\"")).isPositive();
            assertThat(value("sluice_commits_total", "outcome=\"failed\"")).isNotNegative();
            assertThat(value("sluice_rebalances_total", "kind=\"assigned\"")).isPositive();
            assertThat(value("sluice_rebalances_total", "kind=\"revoked\"")).isNotNegative();
            assertThat(value("sluice_rebalances_total", "kind=\"lost\"")).isNotNegative();
            assertThat(value("sluice_attempt_run_seconds_count", "type=\"good\""))
                    .isEqualTo(2);
            assertThat(value("sluice_attempt_run_seconds_bucket", "type=\"good\"", "le=\"300.0\""))
                    .isEqualTo(2);
            assertThat(value("sluice_task_queue_seconds_bucket", "type=\"good\"", "le=\"0.005\""))
                    .isNotNegative();
            assertThat(value("sluice_commit_seconds_count")).isPositive();
            assertThat(value("sluice_poll_gap_seconds_max")).isPositive();
            assertThat(registry.scrape())
                    .contains("kafka_consumer_")
                    .contains("kafka_producer_")
                    .doesNotContain(KEY);

            this.held.complete("done");
            awaitValue(1, "sluice_tasks_settled_total", "type=\"held\"");
        }
    }

    /** Else the first of its reason would not be growth, and no alert would see it. */
    @Test
    void deadLettersOfEveryReasonAreThereAsNoneBeforeTheFirst() throws Exception {
        assertThat(Files.readString(Path.of("../README.md")))
                .contains(Failure.REASONS.stream()
                        .map(reason -> "`" + reason + "`")
                        .toList());
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            deploy(pipeline);

            await().atMost(PATIENCE).until(() -> !registry.scrape().isBlank());
            String scrape = registry.scrape();
            for (String type : List.of("good", "bad", "flaky", "slow", "held", "(unknown)")) {
                assertThat(lines(scrape, "sluice_dead_letters_total", "type=\"" + type + "\""))
                        .as(type)
                        .hasSize(Failure.REASONS.size())
                        .allMatch(line -> line.endsWith(" 0.0"));
            }
            assertThat(lines(scrape, "sluice_dead_letters_total", "reason="))
                    .allMatch(line ->
                            Failure.REASONS.stream().anyMatch(reason -> line.contains("reason=\"" + reason + "\"")));

            ProducerRecord<byte[], byte[]> undecodable =
                    new ProducerRecord<>(pipeline.settings().topic(), "{}".getBytes(UTF_8));
            undecodable.headers().add("ce_notbefore", "soon".getBytes(UTF_8));
            pipeline.send(List.of(undecodable));
            awaitValue(1, "sluice_dead_letters_total", "type=\"(unknown)\"", "reason=\"undecodable\"");
        }
    }

    private static List<String> lines(String scrape, String name, String label) {
        return scrape.lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(label))
                .toList();
    }

    private double lag(String topic) {
        return lines(registry.scrape(), "sluice_partition_lag_records", "topic=\"" + topic + "\"").stream()
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private void sendHeld(TestPipeline pipeline, int tasks) {
        pipeline.send(IntStream.range(0, tasks)
                .mapToObj(i -> NewTask.of("held-" + number, "held", "key-" + number++, "{}".getBytes(UTF_8))
                        .toRecord(pipeline.settings().topic(), "/test", null))
                .toList());
    }

    @Test
    void theLagOfAPartitionThatIsPausedFollowsItsTopic() {
        // What a partition may have unsettled, 1,400 at most, stays in it; of the overflow topic's, each is then
        // paused.
        int first = TestPipeline.PARTITIONS * 3_000;
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_TYPES_HELD_TIMEOUT", "4m"))) {
            deploy(pipeline);
            sendHeld(pipeline, first);
            String overflow = pipeline.settings().topics().overflow();
            int paused = TestPipeline.PARTITIONS * 1_400;
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(lag(overflow))
                            .isGreaterThan(paused)
                            .isEqualTo(pipeline.read(overflow).size()));
            double before = lag(overflow);

            sendHeld(pipeline, 1_000);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(lag(overflow))
                            .isGreaterThanOrEqualTo(before + 1_000)
                            .isEqualTo(pipeline.read(overflow).size()));
            held.complete("done");
        }
    }

    @Test
    void whatAConsumerHasDoneStaysCountedAndWithTheLastOneAllGoes() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            String first = deploy(pipeline);
            pipeline.send(List.of(task(pipeline, "good")));
            awaitValue(1, "sluice_tasks_settled_total", "type=\"good\"");
            String second = deploy(pipeline);

            Waiting.on(vertx.undeploy(first));
            awaitValue(TestPipeline.PARTITIONS, "sluice_partitions_owned");
            pipeline.send(List.of(task(pipeline, "good")));
            awaitValue(2, "sluice_tasks_settled_total", "type=\"good\"");
            assertThat(value("sluice_handover_seconds_count")).isPositive();

            Waiting.on(vertx.undeploy(second));
            assertThat(registry.scrape()).isBlank();
            assertThat(registry.getMeters()).isEmpty();

            deploy(pipeline);
            awaitValue(TestPipeline.PARTITIONS, "sluice_partitions_owned");
            awaitValue(0, "sluice_tasks_settled_total", "type=\"good\"");
        }
    }
}
