package io.sluice.standalone;

import static io.sluice.standalone.SomeTasks.task;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.consumer.command.LocalPipeline;
import io.sluice.handler.PermanentFailure;
import io.sluice.record.HeaderNames;
import io.sluice.record.NewTask;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What a finished task tells the world: its result, its follow-up tasks. */
class AnswersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aTypeSaysWhichOfItsTasksHaveAResult() {
        List<String> ran = new CopyOnWriteArrayList<>();
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_TYPES_TALKATIVE_RESULTS", "all",
                "SLUICE_TYPES_WORRIED_RESULTS", "failures",
                "SLUICE_TYPES_SILENT_RESULTS", "none"))) {
            LocalPipeline consumers = pipeline.consume(
                    1,
                    () -> Stream.of("talkative", "worried", "silent")
                            .map(type -> new Async(type, (payload, task) -> {
                                ran.add(task.id());
                                return payload.path("fails").booleanValue()
                                        ? Future.failedFuture(new PermanentFailure("as told"))
                                        : Future.succeededFuture("fine");
                            }))
                            .toList());
            List<NewTask> tasks = Stream.of("talkative", "worried", "silent")
                    .flatMap(type -> Stream.of(
                            task(type + " succeeds", type, null, "{}"),
                            task(type + " fails", type, null, "{\"fails\":true}")))
                    .toList();

            var unused = pipeline.submit(tasks);
            await().atMost(PATIENCE).until(() -> ran.size() == tasks.size());
            pipeline.stop(consumers);

            assertThat(headers(pipeline.read(pipeline.settings().topics().results()), HeaderNames.SUBJECT))
                    .containsExactlyInAnyOrder("talkative succeeds", "talkative fails", "worried fails");
            assertThat(headers(pipeline.read(pipeline.settings().topics().deadLetters()), HeaderNames.ID))
                    .containsExactlyInAnyOrder("talkative fails", "worried fails", "silent fails");
        }
    }

    @Test
    void emittedTasksRunOnceTheirAttemptHasSucceededAndThoseOfAFailedOneNever() {
        List<String> children = new CopyOnWriteArrayList<>();
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_TYPES_PARENT_RETRY_BACKOFF", "10ms"))) {
            pipeline.consume(
                    2,
                    () -> List.of(
                            new Async("parent", (payload, task) -> {
                                task.emit("child", "a", Map.of("attempt", task.attempt()));
                                task.emit("child", null, Map.of("attempt", task.attempt(), "second", true));
                                return task.attempt() == 1
                                        ? Future.failedFuture("not yet")
                                        : Future.succeededFuture("done");
                            }),
                            new Blocking("child", (payload, task) -> {
                                children.add(task.key() + payload);
                                return task.id();
                            })));

            assertThat(pipeline.run(List.of(task("parent")))).hasSize(1);

            await().atMost(PATIENCE)
                    .until(() -> pipeline.read(pipeline.settings().topics().results())
                                    .size()
                            == 3);
            assertThat(children)
                    .hasSize(2)
                    .contains("a{\"attempt\":2}")
                    .anyMatch(child -> child.startsWith("null{") && child.contains("\"second\":true"));
            assertThat(headers(pipeline.read(pipeline.settings().topics().tasks()), HeaderNames.TYPE))
                    .containsExactlyInAnyOrder("parent", "child", "child");
        }
    }

    @Test
    void aBareJsonValueIsATaskOfTheDefaultTypeWithItsPlaceForAnId() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_DEFAULT_TYPE", "echo"))) {
            pipeline.consume(1, () -> List.of(new Async("echo", (payload, task) -> Future.succeededFuture(payload))));
            String topic = pipeline.settings().topics().tasks();

            pipeline.send(List.of(new ProducerRecord<>(topic, 2, "k".getBytes(UTF_8), "[1,2]".getBytes(UTF_8))));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    pipeline.read(pipeline.settings().topics().results()))
                            .singleElement()
                            .satisfies(result -> {
                                assertThat(result.value()).isEqualTo("[1,2]".getBytes(UTF_8));
                                assertThat(result.key()).isEqualTo("k".getBytes(UTF_8));
                                assertThat(HeaderNames.text(result.headers(), HeaderNames.SUBJECT))
                                        .isEqualTo(topic + "-2-0");
                            }));
        }
    }

    private static List<String> headers(List<ConsumerRecord<byte[], byte[]>> records, String name) {
        return records.stream()
                .map(record -> String.valueOf(HeaderNames.text(record.headers(), name)))
                .toList();
    }
}
