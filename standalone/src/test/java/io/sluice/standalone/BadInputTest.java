package io.sluice.standalone;

import static io.sluice.standalone.SomeTasks.task;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.consumer.command.LocalPipeline;
import io.sluice.handler.BlockingTaskHandler;
import io.sluice.handler.TaskContext;
import io.sluice.record.HeaderNames;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is no task, not yet a task, or no task any more. None of it stops the pipeline (P6). */
class BadInputTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STRUCTURED = "application/cloudevents+json; charset=utf-8";

    record Order(String item, int count) {}

    /** A handler of a type that not everything fits. */
    record Take(String type) implements BlockingTaskHandler<Order, String> {
        @Override
        public String handle(Order order, TaskContext task) {
            return order.count() + " × " + order.item();
        }
    }

    @Test
    void whatCannotBeReadIsADeadLetterByteForByteAndThePipelineGoesOn() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_DEFAULT_TYPE", "order"))) {
            pipeline.consume(1, () -> List.of(new Take("order")));
            String topic = pipeline.settings().topics().tasks();
            ProducerRecord<byte[], byte[]> future = record(topic, "version", "{\"item\":\"tea\",\"count\":1}");
            future.headers().add(HeaderNames.SPEC_VERSION, "2.0".getBytes(UTF_8));
            ProducerRecord<byte[], byte[]> never = record(topic, "time", "{\"item\":\"tea\",\"count\":1}");
            never.headers().add(HeaderNames.NOT_BEFORE, "tomorrow".getBytes(UTF_8));
            ProducerRecord<byte[], byte[]> event = record(topic, "event", "{\"specversion\":");
            event.headers().add(HeaderNames.CONTENT_TYPE, STRUCTURED.getBytes(UTF_8));
            List<ProducerRecord<byte[], byte[]>> records = List.of(
                    record(topic, "text", "tea, please"),
                    record(topic, "misfit", "{\"item\":\"tea\",\"count\":\"many\"}"),
                    record(topic, "null", null),
                    future,
                    never,
                    event,
                    record(topic, "good", "{\"item\":\"tea\",\"count\":2}"));

            pipeline.send(records);

            List<ConsumerRecord<byte[], byte[]>> letters = await().atMost(PATIENCE)
                    .until(() -> pipeline.read(pipeline.settings().topics().deadLetters()), found -> found.size() >= 6);
            assertThat(messages(letters))
                    .hasSize(6)
                    .hasEntrySatisfying("text", message -> assertThat(message).contains("payload", "tea"))
                    .hasEntrySatisfying("misfit", message -> assertThat(message).contains("payload", "count"))
                    .hasEntrySatisfying("null", message -> assertThat(message).contains("payload"))
                    .hasEntrySatisfying(
                            "version", message -> assertThat(message).contains("version", "'2.0'"))
                    .hasEntrySatisfying(
                            "time", message -> assertThat(message).contains(HeaderNames.NOT_BEFORE, "'tomorrow'"))
                    .hasEntrySatisfying("event", message -> assertThat(message).contains("CloudEvent is not JSON"))
                    .allSatisfy((id, message) -> assertThat(message).doesNotContain("\n"));
            for (ConsumerRecord<byte[], byte[]> letter : letters) {
                ProducerRecord<byte[], byte[]> original = records.stream()
                        .filter(sent -> id(sent).equals(header(letter, HeaderNames.ID)))
                        .findFirst()
                        .orElseThrow();
                assertThat(letter.value()).isEqualTo(original.value());
                assertThat(letter.key()).isEqualTo(original.key());
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    pipeline.read(pipeline.settings().topics().results()))
                            .hasSize(7)
                            .filteredOn(
                                    result -> header(result, HeaderNames.TYPE).equals("order.succeeded"))
                            .singleElement()
                            .satisfies(result -> assertThat(new String(result.value(), UTF_8))
                                    .isEqualTo("\"2 × tea\"")));
        }
    }

    @Test
    void aStructuredCloudEventIsATask() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.consume(1, () -> List.of(new Take("order")));
            ProducerRecord<byte[], byte[]> event = new ProducerRecord<>(
                    pipeline.settings().topics().tasks(),
                    null,
                    "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"type\":\"order\",\"source\":\"/till\",\"data\":{\"item\":\"milk\",\"count\":3}}"
                            .getBytes(UTF_8));
            event.headers().add(HeaderNames.CONTENT_TYPE, STRUCTURED.getBytes(UTF_8));

            pipeline.send(List.of(event));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    pipeline.read(pipeline.settings().topics().results()))
                            .singleElement()
                            .satisfies(result -> {
                                assertThat(header(result, HeaderNames.SUBJECT)).isEqualTo("e-1");
                                assertThat(new String(result.value(), UTF_8)).isEqualTo("\"3 × milk\"");
                            }));
        }
    }

    @Test
    void anUnknownTypeWaitsForAConsumerThatKnowsIt() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            LocalPipeline old =
                    pipeline.consume(1, () -> List.of(new Async("old", (payload, task) -> Future.succeededFuture())));
            Future<List<TaskResult>> results =
                    pipeline.submit(List.of(task("new", "new", null, "{}"), task("old", "old", null, "{}")));
            await().atMost(PATIENCE).until(() -> old.status().stream().anyMatch(status -> status.backingOff() == 1));

            pipeline.consume(
                    1,
                    () -> Stream.of("old", "new")
                            .map(type -> new Async(type, (payload, task) -> Future.succeededFuture("known")))
                            .toList());
            pipeline.stop(old);

            assertThat(SomeTasks.byId(pipeline.result(results)).get("new"))
                    .satisfies(result -> assertThat(result.value().asText()).isEqualTo("known"));
        }
    }

    @Test
    void anUnknownTypeThatNobodyComesForIsADeadLetter() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_CONSUMER_UNKNOWN_TYPE_WAIT", "1s"))) {
            pipeline.consume(1, () -> List.of(new Take("order")));

            assertThat(pipeline.run(List.of(task("odd")))).singleElement().satisfies(result -> {
                assertThat(result.value().path("reason").asText()).isEqualTo("unknown-type");
                assertThat(result.value().path("message").asText()).contains("'odd'");
            });
        }
    }

    @Test
    void anExpiredTaskIsNotRunAndAScheduledOneNotBeforeItsTime() {
        List<Instant> starts = new CopyOnWriteArrayList<>();
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.consume(
                    1,
                    () -> List.of(new Async("timed", (payload, task) -> {
                        starts.add(Instant.now());
                        return Future.succeededFuture(task.id());
                    })));
            Instant due = Instant.now().plusSeconds(2);
            byte[] payload = "{}".getBytes(UTF_8);
            NewTask expired = new NewTask(
                    "expired", "timed", "a", payload, null, Instant.now().minusSeconds(1));
            NewTask scheduled = new NewTask("scheduled", "timed", "a", payload, due, null);

            Map<String, TaskResult> results = SomeTasks.byId(pipeline.run(List.of(expired, scheduled)));

            assertThat(results).hasSize(2);
            assertThat(results.get("expired"))
                    .satisfies(result ->
                            assertThat(result.value().path("reason").asText()).isEqualTo("expired"));
            assertThat(results.get("scheduled"))
                    .satisfies(result -> assertThat(result.succeeded()).isTrue());
            assertThat(starts)
                    .singleElement()
                    .satisfies(start -> assertThat(start).isAfterOrEqualTo(due));
        }
    }

    /** One of the same key as all others, so that those behind it wait for no other partition. */
    private static ProducerRecord<byte[], byte[]> record(String topic, String id, @Nullable String value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, "key".getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
        record.headers().add(HeaderNames.ID, id.getBytes(UTF_8));
        return record;
    }

    private static String id(ProducerRecord<byte[], byte[]> record) {
        return String.valueOf(HeaderNames.text(record.headers(), HeaderNames.ID));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return String.valueOf(HeaderNames.text(record.headers(), name));
    }

    /** What each dead letter says, by its id. */
    private static Map<String, String> messages(List<ConsumerRecord<byte[], byte[]>> letters) {
        return letters.stream()
                .collect(Collectors.toMap(
                        letter -> header(letter, HeaderNames.ID),
                        letter -> header(letter, "kafka_dlt-exception-message")));
    }
}
