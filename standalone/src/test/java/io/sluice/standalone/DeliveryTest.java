package io.sluice.standalone;

import static io.sluice.standalone.SomeTasks.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.Waiting;
import io.sluice.consumer.command.LocalPipeline;
import io.sluice.producer.ProducerVerticle;
import io.sluice.record.HeaderNames;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every task runs, and in a quiet run once: from several producers to several consumers, and over a restart. */
class DeliveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, Integer> runs = new ConcurrentHashMap<>();

    @Test
    void twoProducersAndThreeConsumersRunEveryTaskOnce() {
        Vertx vertx = Vertx.vertx();
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.consume(3, () -> List.of(counting("count")));
            ProducerVerticle one = new ProducerVerticle(pipeline.settings());
            ProducerVerticle other = new ProducerVerticle(pipeline.settings());
            pipeline.result(vertx.deployVerticle(one));
            pipeline.result(vertx.deployVerticle(other));
            WebClient client = WebClient.create(vertx);

            List<Future<Integer>> posted = IntStream.range(0, 60)
                    .mapToObj(n -> client.post((n % 2 == 0 ? one : other).actualPort(), "127.0.0.1", "/v1/tasks")
                            .sendJsonObject(form("http-" + n))
                            .map(HttpResponse::statusCode))
                    .toList();
            List<Future<String>> messages = IntStream.range(0, 60)
                    .mapToObj(n -> vertx.eventBus()
                            .<JsonObject>request(ProducerVerticle.ADDRESS, form("bus-" + n))
                            .map(reply -> reply.body().getString("id")))
                    .toList();
            List<TaskResult> results = pipeline.run(SomeTasks.tasks("count", 60, 10));

            assertThat(results).hasSize(60);
            assertThat(posted)
                    .allSatisfy(status -> assertThat(pipeline.result(status)).isEqualTo(202));
            pipeline.result(Future.all(messages));
            await().atMost(PATIENCE).until(() -> resultsById(pipeline).size() == 180);
            assertThat(resultsById(pipeline))
                    .allSatisfy((id, count) -> assertThat(count).isEqualTo(1));
            assertThat(runs)
                    .hasSize(180)
                    .allSatisfy((id, count) -> assertThat(count).isEqualTo(1));
        } finally {
            Waiting.on(vertx.close());
        }
    }

    @Test
    void aJoinEndsWhenTheLastTaskIsSettled() {
        Promise<String> slow = Promise.promise();
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.consume(1, () -> List.of(counting("quick"), new Async("slow", (payload, task) -> slow.future())));

            Future<List<TaskResult>> quick = pipeline.submit(List.of(task("quick")));
            Future<List<TaskResult>> both =
                    pipeline.submit(List.of(task("slow"), task("another", "quick", null, "{}")));

            assertThat(pipeline.result(quick)).hasSize(1);
            await().atMost(PATIENCE).until(() -> resultsById(pipeline).containsKey("another"));
            assertThat(both.isComplete()).isFalse();
            slow.complete("at last");
            assertThat(SomeTasks.byId(pipeline.result(both))).containsOnlyKeys("slow", "another");
        }
    }

    @Test
    void aRestartGoesOnWhereACleanStopHasLeft() {
        List<NewTask> tasks = SomeTasks.tasks("step", 400, 1);
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY", "4"))) {
            LocalPipeline first = pipeline.consume(1, () -> List.of(counting("step")));
            Future<List<TaskResult>> results = pipeline.submit(tasks);
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> runs.size() >= 20);

            pipeline.stop(first);
            int ranBefore = runs.size();
            pipeline.consume(1, () -> List.of(counting("step")));

            assertThat(pipeline.result(results)).hasSize(400);
            assertThat(ranBefore).isLessThan(400);
            assertThat(runs)
                    .hasSize(400)
                    .allSatisfy((id, count) -> assertThat(count).isEqualTo(1));
        }
    }

    /** It takes a little time, so that a test can act while tasks run, and counts a task when it ends. */
    private Async counting(String type) {
        return new Async(
                type,
                (payload, task) -> Vertx.currentContext().owner().timer(20).map(done -> {
                    return runs.merge(task.id(), 1, Integer::sum);
                }));
    }

    private static JsonObject form(String id) {
        return new JsonObject()
                .put("id", id)
                .put("type", "count")
                .put("key", "key-" + id.hashCode() % 5)
                .put("payload", new JsonObject().put("n", 1));
    }

    /** How many results each task has. */
    private static Map<String, Long> resultsById(TestPipeline pipeline) {
        return pipeline.read(pipeline.settings().topics().results()).stream()
                .collect(Collectors.groupingBy(
                        result -> new String(
                                result.headers().lastHeader(HeaderNames.SUBJECT).value(), StandardCharsets.UTF_8),
                        Collectors.counting()));
    }
}
