package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.handler.PermanentFailure;
import io.sluice.handler.TaskContext;
import io.sluice.producer.ProducerVerticle;
import io.sluice.producer.client.NoResultYet;
import io.sluice.producer.client.TaskOptions;
import io.sluice.producer.client.Tasks;
import io.sluice.record.HeaderNames;
import io.sluice.record.TaskResult;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Tasks of a Vert.x application, which waits for their results: through {@link Tasks} and over the event bus. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class TasksCallTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(200);

    private TestPipeline pipeline;
    private Set<String> threadsBefore = Set.of();
    private Vertx vertx;
    private Tasks tasks;
    private volatile CountDownLatch free = new CountDownLatch(1);

    @BeforeAll
    void open() {
        pipeline = TestPipeline.open(Map.of());
        pipeline.consume(
                1,
                () -> List.of(
                        new Async("double", (payload, task) -> Future.succeededFuture(twice(payload))),
                        new Async("echo", (payload, task) -> Future.succeededFuture(payload)),
                        new Async(
                                "when",
                                (payload, task) ->
                                        Future.succeededFuture(Instant.now().toString())),
                        new Async("refuse", (payload, task) -> Future.failedFuture(new PermanentFailure("not that"))),
                        new Blocking("patient", this::whenFree)));
    }

    @AfterAll
    void close() {
        pipeline.close();
    }

    @BeforeEach
    void openClient() {
        threadsBefore = threads();
        free = new CountDownLatch(1);
        vertx = Vertx.vertx();
        tasks = Tasks.open(vertx, pipeline.settings());
    }

    @AfterEach
    void nothingIsLeft() {
        free.countDown();
        pipeline.result(tasks.close());
        assertThat(threads()).isSubsetOf(threadsBefore);
        pipeline.result(vertx.close());
    }

    record Order(int count) {}

    record Doubled(int count) {}

    private static Doubled twice(JsonNode payload) {
        return new Doubled(2 * payload.get("count").asInt());
    }

    private String whenFree(JsonNode payload, TaskContext task) throws InterruptedException {
        free.await();
        return "done";
    }

    @Test
    void anObjectGoesInAndAnObjectComesOut() {
        TaskResult result = pipeline.result(tasks.call("double", "customer-7", new Order(21), PATIENCE));

        assertThat(result.succeeded()).isTrue();
        assertThat(result.as(Doubled.class)).isEqualTo(new Doubled(42));
    }

    @Test
    void whateverIsJsonIsAPayload() {
        String json = "{\"count\":1}";
        assertThat(echoed(new JsonObject(json))).isEqualTo(json);
        assertThat(echoed(new JsonArray().add(1).add("a"))).isEqualTo("[1,\"a\"]");
        assertThat(echoed(Buffer.buffer(json))).isEqualTo(json);
        assertThat(echoed(json.getBytes(UTF_8))).isEqualTo(json);
        assertThat(echoed("text")).isEqualTo("\"text\"");
    }

    private String echoed(Object payload) {
        return new String(
                pipeline.result(tasks.call("echo", null, payload, PATIENCE)).json(), UTF_8);
    }

    @Test
    void theCallersOwnContextHearsOfTheResult() {
        Context context = vertx.getOrCreateContext();
        Promise<Context> heardOn = Promise.promise();
        context.runOnContext(start -> tasks.call("double", null, new Order(1), PATIENCE)
                .onComplete(done -> heardOn.complete(Vertx.currentContext())));

        assertThat(pipeline.result(heardOn.future())).isSameAs(context);
    }

    @Test
    void manyCallsFromPlainThreadsAndEventLoopsEachGetTheirOwnResult() {
        List<Future<Integer>> plain =
                IntStream.range(0, 100).mapToObj(n -> call(n)).toList();
        Promise<List<Future<Integer>>> onLoop = Promise.promise();
        vertx.getOrCreateContext()
                .runOnContext(start -> onLoop.complete(
                        IntStream.range(0, 100).mapToObj(n -> call(n)).toList()));
        List<Future<Integer>> loop = pipeline.result(onLoop.future());

        for (int n = 0; n < 100; n++) {
            assertThat(pipeline.result(plain.get(n))).isEqualTo(2 * n);
            assertThat(pipeline.result(loop.get(n))).isEqualTo(2 * n);
        }
    }

    private Future<Integer> call(int n) {
        return tasks.call("double", "key" + n % 7, new Order(n), PATIENCE)
                .map(result -> result.as(Doubled.class).count());
    }

    @Test
    void aTaskThatFailsForGoodIsAResultToo() {
        TaskResult result = pipeline.result(tasks.call("refuse", null, Map.of(), PATIENCE));

        assertThat(result.succeeded()).isFalse();
        assertThat(result.value().get("reason").asText()).isEqualTo("permanent");
        assertThat(result.value().get("message").asText()).contains("not that");
    }

    @Test
    void whoDoesNotWaitLongEnoughIsToldTheIdAndTheTaskGoesOn() {
        // The first call would spend the time on finding the results.
        pipeline.result(tasks.call("double", null, new Order(1), PATIENCE));
        Future<TaskResult> called =
                tasks.call("patient", null, Map.of(), SHORT, TaskOptions.none().id("patient-1"));

        assertThatThrownBy(() -> pipeline.result(called))
                .isInstanceOfSatisfying(
                        NoResultYet.class, late -> assertThat(late.id()).isEqualTo("patient-1"))
                .hasMessage("task patient-1 has no result after 200 ms");
        free.countDown();
        await().atMost(PATIENCE).until(() -> results().contains("patient-1"));
    }

    private Set<String> results() {
        return pipeline.read(pipeline.settings().topics().results()).stream()
                .map(record -> String.valueOf(HeaderNames.text(record.headers(), HeaderNames.SUBJECT)))
                .collect(Collectors.toSet());
    }

    @Test
    void idDelayAndExpiryAreTheTasks() {
        Instant due = Instant.now().plusSeconds(1);
        TaskResult delayed = pipeline.result(tasks.call(
                "when", null, Map.of(), PATIENCE, TaskOptions.none().id("due").notBefore(due)));
        assertThat(delayed.taskId()).isEqualTo("due");
        assertThat(Instant.parse(delayed.value().asText())).isAfterOrEqualTo(due);

        TaskResult expired = pipeline.result(tasks.call(
                "when",
                null,
                Map.of(),
                PATIENCE,
                TaskOptions.none().expiry(Instant.now().minusSeconds(1))));
        assertThat(expired.value().get("reason").asText()).isEqualTo("expired");
    }

    @Test
    void withoutAResultsTopicACallFailsInOneLineAndWritesNothing() {
        Settings settings = settings("missing");
        Tasks lost = Tasks.open(vertx, settings);
        try {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> pipeline.result(lost.call("double", null, new Order(1), PATIENCE)))
                        .hasMessageContaining("cannot follow topic missing.results: it does not exist")
                        .message()
                        .hasLineCount(1);
            }
            assertThat(lost.unacknowledged()).isZero();
        } finally {
            pipeline.result(lost.close());
        }
    }

    private Settings settings(String topic) {
        Map<String, String> environment = new HashMap<>(Map.of("SLUICE_TOPIC", topic));
        environment.put(
                "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                String.valueOf(pipeline.settings().kafka().get("bootstrap.servers")));
        return SettingsLoader.load(null, environment);
    }

    @Test
    void closingTellsWhoeverWaitsAndWhoeverComesLater() {
        pipeline.result(tasks.call("double", null, new Order(1), PATIENCE));
        Future<TaskResult> waits = tasks.call("patient", null, Map.of(), PATIENCE);
        Future<Void> closed = tasks.close();

        assertThatThrownBy(() -> pipeline.result(waits)).isInstanceOf(NoResultYet.class);
        pipeline.result(closed);
        assertThatThrownBy(() -> pipeline.result(tasks.call("double", null, new Order(1), PATIENCE)))
                .hasMessageContaining("closed");
    }

    @Test
    void overTheEventBusItIsTheSame() {
        ProducerVerticle producer = new ProducerVerticle(pipeline.settings());
        String deployment = pipeline.result(vertx.deployVerticle(producer));

        assertThat(asked("5s", form("double", new JsonObject().put("count", 4))))
                .isEqualTo(new JsonObject()
                        .put("id", "bus-double")
                        .put("type", "double")
                        .put("state", "succeeded")
                        .put("attempts", 1)
                        .put("result", new JsonObject().put("count", 8)));
        assertThat(asked("", form("refuse", new JsonObject()))
                        .getJsonObject("failure")
                        .getString("reason"))
                .isEqualTo("permanent");
        assertThat(asked("100ms", form("patient", new JsonObject())))
                .isEqualTo(new JsonObject().put("id", "bus-patient").put("state", "accepted"));
        assertThatThrownBy(() -> asked("soon", form("double", new JsonObject())))
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        refused -> assertThat(refused.failureCode()).isEqualTo(400))
                .hasMessageContaining("wait");
        assertThatThrownBy(() -> asked("5s", form("double", null)))
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        refused -> assertThat(refused.failureCode()).isEqualTo(400))
                .hasMessageContaining("payload is missing");

        pipeline.result(vertx.undeploy(deployment));
    }

    private static JsonObject form(String type, @Nullable JsonObject payload) {
        JsonObject form = new JsonObject().put("id", "bus-" + type).put("type", type);
        return payload == null ? form : form.put("payload", payload);
    }

    private JsonObject asked(String wait, JsonObject form) {
        return pipeline.result(vertx.eventBus()
                        .<JsonObject>request(
                                ProducerVerticle.ADDRESS, form, new DeliveryOptions().addHeader("wait", wait)))
                .body();
    }

    /** Of clients: the senders' own, Kafka's, and those that follow results. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("sluice-producer") || name.contains("sluice-results"))
                .collect(Collectors.toSet());
    }
}
