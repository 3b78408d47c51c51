package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.sluice.consumer.command.LocalPipeline;
import io.sluice.consumer.handlers.HttpWorkerHandler;
import io.sluice.handler.Handles;
import io.sluice.handler.PermanentFailure;
import io.sluice.handler.TaskContext;
import io.sluice.handler.TaskHandler;
import io.sluice.management.Management;
import io.sluice.producer.ProducerVerticle;
import io.sluice.producer.metrics.ProducerMetrics;
import io.sluice.record.HeaderNames;
import io.sluice.record.TraceContext;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.sluice.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** One trace from a request to everything that comes of it. */
class TracingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String STATE = "congo=t61rcWkgMzE";

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build();
    private final List<MultiMap> asked = new CopyOnWriteArrayList<>();
    private @Nullable TestPipeline opened;

    /** A worker of the {@code http} handler that keeps the headers of what it was asked; its port. */
    private int startWorker(LocalPipeline on) {
        return pipeline()
                .result(on.vertx()
                        .createHttpServer()
                        .requestHandler(request -> {
                            asked.add(request.headers());
                            request.response().end("{}");
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    @BeforeEach
    void open() {
        opened = TestPipeline.open(Map.of(
                "SLUICE_TYPES_FIRST_RETRY_BACKOFF", "10ms",
                "SLUICE_TYPES_FIRST_RETRY_MAX_ATTEMPTS", "2"));
    }

    @AfterEach
    void close() {
        pipeline().close();
        sdk.close();
    }

    private TestPipeline pipeline() {
        TestPipeline pipeline = opened;
        if (pipeline == null) {
            throw new IllegalStateException("not open");
        }
        return pipeline;
    }

    /** Fails once, then sends a task to the worker. */
    private static Handles<?, ?> failingOnce(Runnable within) {
        return new Blocking("first", (payload, task) -> {
            within.run();
            if (task.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
            task.emit("http", "worker.example", Map.of("n", 1));
            return "done";
        });
    }

    private int post(LocalPipeline at, Tracing tracing, String traceparent) {
        ProducerVerticle producer = new ProducerVerticle(pipeline().settings(), ProducerMetrics.in(null), tracing);
        pipeline().result(at.vertx().deployVerticle(producer));
        WebClient client = WebClient.create(at.vertx());
        try {
            return pipeline()
                    .result(client.post(producer.actualPort(), "127.0.0.1", "/v1/tasks")
                            .putHeader("traceparent", traceparent)
                            .putHeader("tracestate", STATE)
                            .sendJsonObject(new JsonObject()
                                    .put("id", "one")
                                    .put("type", "first")
                                    .put("key", "a")
                                    .put("payload", new JsonObject().put("secret", "s3cr3t"))))
                    .statusCode();
        } finally {
            client.close();
        }
    }

    /** Runs the task, and what it emits, to their ends. */
    private void run(Tracing tracing, String traceparent, Supplier<Handles<?, ?>> first) {
        LocalPipeline other = new LocalPipeline(pipeline().settings());
        try {
            int port = startWorker(other);
            Settings settings = SettingsLoader.load(
                    null,
                    Map.of(
                            "SLUICE_TOPIC",
                            pipeline().settings().topic(),
                            "SLUICE_CONSUMER_GROUP",
                            pipeline().settings().topic(),
                            "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                            String.valueOf(pipeline().settings().kafka().get("bootstrap.servers")),
                            "SLUICE_TYPES_FIRST_RETRY_BACKOFF",
                            "10ms",
                            "SLUICE_TYPES_FIRST_RETRY_MAX_ATTEMPTS",
                            "2",
                            "SLUICE_TYPES_HTTP_OPTIONS_URL",
                            "http://127.0.0.1:" + port + "/run"));
            try (LocalPipeline consumers =
                    new LocalPipeline(settings, new VertxOptions(), Management.none(), tracing)) {
                consumers.deploy(1, () -> List.of(first.get(), new HttpWorkerHandler()));
                assertThat(post(consumers, tracing, traceparent)).isEqualTo(202);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(results()).hasSize(2));
            }
        } finally {
            other.close();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> results() {
        return pipeline().read(pipeline().settings().topics().results());
    }

    private List<ConsumerRecord<byte[], byte[]>> tasks() {
        return pipeline().read(pipeline().settings().topics().tasks());
    }

    private static @Nullable TraceContext of(List<ConsumerRecord<byte[], byte[]>> records, String type) {
        return records.stream()
                .filter(record -> type.equals(HeaderNames.text(record.headers(), HeaderNames.TYPE)))
                .map(record -> TraceContext.of(record.headers()))
                .findFirst()
                .orElse(null);
    }

    private static TraceContext context(SpanData span) {
        return new TraceContext("00-" + span.getTraceId() + "-" + span.getSpanId() + "-01", STATE);
    }

    private List<SpanData> named(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private static @Nullable Object attribute(SpanData span, String name) {
        return span.getAttributes().asMap().entrySet().stream()
                .filter(entry -> entry.getKey().getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    @Test
    void aRequestItsTaskItsAttemptsAndWhatComesOfThemAreOneTrace() {
        run(
                Tracing.of(sdk),
                "00-" + TRACE + "-" + CALLER + "-01",
                () -> failingOnce(() -> sdk.getTracer("mine")
                        .spanBuilder("of the handler")
                        .startSpan()
                        .end()));

        String topic = pipeline().settings().topic();
        SpanData request = named("POST /v1/tasks").get(0);
        SpanData sent = named("send " + topic).get(0);
        List<SpanData> first = named("process " + topic).stream()
                .filter(span -> "first".equals(attribute(span, "sluice.task.type")))
                .toList();
        SpanData http = named("process " + topic).stream()
                .filter(span -> "http".equals(attribute(span, "sluice.task.type")))
                .findFirst()
                .orElseThrow();
        assertThat(spans.getFinishedSpanItems())
                .extracting(SpanData::getTraceId)
                .containsOnly(TRACE);
        assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(request.getParentSpanId()).isEqualTo(CALLER);
        assertThat(attribute(request, "http.response.status_code")).isEqualTo(202L);
        assertThat(sent.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(sent.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(of(tasks(), "first")).isEqualTo(context(sent));

        assertThat(first).hasSize(2).allSatisfy(span -> {
            assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
            assertThat(span.getParentSpanId()).as("siblings").isEqualTo(sent.getSpanId());
            assertThat(attribute(span, "messaging.system")).isEqualTo("kafka");
            assertThat(attribute(span, "messaging.message.id")).isEqualTo("one");
            assertThat(attribute(span, "messaging.kafka.message.key")).isEqualTo("a");
            assertThat(attribute(span, "messaging.destination.name")).isEqualTo(topic);
            assertThat(attribute(span, "messaging.kafka.offset")).isEqualTo(0L);
            assertThat(span.toString()).doesNotContain("s3cr3t");
        });
        SpanData failed = first.get(0);
        assertThat(attribute(failed, "sluice.attempt")).isEqualTo(1L);
        assertThat(attribute(failed, "sluice.outcome")).isEqualTo("failed");
        assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(failed.getStatus().getDescription()).isEqualTo("not yet");
        assertThat(failed.getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("java.lang.IllegalStateException");
        SpanData succeeded = first.get(1);
        assertThat(attribute(succeeded, "sluice.outcome")).isEqualTo("succeeded");
        assertThat(succeeded.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(named("of the handler"))
                .extracting(SpanData::getParentSpanId)
                .containsExactly(failed.getSpanId(), succeeded.getSpanId());

        assertThat(of(results(), "first.succeeded")).isEqualTo(context(succeeded));
        assertThat(of(tasks(), "http")).isEqualTo(context(succeeded));
        assertThat(http.getParentSpanId()).isEqualTo(succeeded.getSpanId());
        assertThat(asked).singleElement().satisfies(headers -> {
            assertThat(headers.get("traceparent")).isEqualTo(context(http).parent());
            assertThat(headers.get("tracestate")).isEqualTo(STATE);
        });
        assertThat(of(results(), "http.succeeded")).isEqualTo(context(http));
    }

    @Test
    void withoutTracingWhatCameGoesThroughAsItCame() {
        String came = "00-" + TRACE + "-" + CALLER + "-00";
        run(Tracing.off(), came, () -> failingOnce(() -> {}));

        TraceContext same = new TraceContext(came, STATE);
        assertThat(tasks())
                .extracting(record -> TraceContext.of(record.headers()))
                .containsOnly(same);
        assertThat(results())
                .extracting(record -> TraceContext.of(record.headers()))
                .containsOnly(same);
        assertThat(asked)
                .singleElement()
                .satisfies(headers -> assertThat(headers.get("traceparent")).isEqualTo(came));
    }

    @Test
    void whatIsNotSampledStaysUnsampledToTheEnd() {
        run(Tracing.of(sdk), "00-" + TRACE + "-" + CALLER + "-00", () -> failingOnce(() -> {}));

        assertThat(spans.getFinishedSpanItems()).isEmpty();
        assertThat(asked)
                .singleElement()
                .satisfies(headers -> assertThat(headers.get("traceparent"))
                        .startsWith("00-" + TRACE)
                        .endsWith("-00"));
    }

    @Test
    void aContextThatMakesNoSenseBeginsATraceOfItsOwn() {
        run(Tracing.of(sdk), "00-" + TRACE + "-nonsense", () -> failingOnce(() -> {}));

        assertThat(named("POST /v1/tasks").get(0).getParentSpanId()).isEqualTo("0000000000000000");
        assertThat(spans.getFinishedSpanItems())
                .extracting(SpanData::getTraceId)
                .doesNotContain(TRACE)
                .containsOnly(named("POST /v1/tasks").get(0).getTraceId());
    }

    /** What a handler's thread knows of its task, as a line that it logs has it. */
    private record Seen(Map<String, String> fields, String span) {
        private static final Logger LOG = LoggerFactory.getLogger(Seen.class);

        static Seen now() {
            LOG.info("Looking around");
            Map<String, String> fields = MDC.getCopyOfContextMap();
            return new Seen(
                    fields == null ? Map.of() : Map.copyOf(fields),
                    Span.current().getSpanContext().getSpanId());
        }
    }

    /** Looks around on the event loop and, in a call, on a worker thread; it leaves something of its own there. */
    private record Looking(List<Seen> seen) implements TaskHandler<JsonNode, String> {
        @Override
        public String type() {
            return "look";
        }

        @Override
        public Future<String> handle(JsonNode payload, TaskContext task) {
            seen.add(Seen.now());
            MDC.put("left", "behind");
            return task.blocking(() -> {
                seen.add(Seen.now());
                MDC.put("left", "behind");
                return "seen";
            });
        }
    }

    @Test
    void aHandlersThreadKnowsItsTaskAndNothingOfTheOneBefore() {
        List<Seen> seen = new CopyOnWriteArrayList<>();
        String topic = pipeline().settings().topic();
        try (LocalPipeline consumers =
                new LocalPipeline(pipeline().settings(), new VertxOptions(), Management.none(), Tracing.of(sdk))) {
            consumers.deploy(
                    1,
                    () -> List.of(new Looking(seen), new Blocking("die", (payload, task) -> {
                        seen.add(Seen.now());
                        throw new PermanentFailure("no");
                    })));
            pipeline().run(List.of(SomeTasks.task("l-1", "look", "a", "{}")));
            pipeline().run(List.of(SomeTasks.task("l-2", "look", null, "{}")));
            pipeline().run(List.of(SomeTasks.task("d-1", "die", "a", "{}")));
        }

        assertThat(seen).hasSize(5);
        List<SpanData> attempts = named("process " + topic);
        Seen onLoop = seen.get(0);
        assertThat(onLoop.fields())
                .containsOnlyKeys("task", "type", "key", "attempt", "topic", "partition", "offset")
                .containsEntry("task", "l-1")
                .containsEntry("type", "look")
                .containsEntry("key", "a")
                .containsEntry("attempt", "1")
                .containsEntry("topic", topic);
        assertThat(seen.get(1)).as("on a worker thread").isEqualTo(onLoop);
        assertThat(onLoop.span()).isEqualTo(attempts.get(0).getSpanId());
        assertThat(seen.get(2).fields()).containsEntry("task", "l-2").doesNotContainKeys("key", "left");
        assertThat(seen.get(3)).isEqualTo(seen.get(2));
        assertThat(seen.get(4).fields()).containsEntry("task", "d-1").doesNotContainKey("left");
        assertThat(attempts.get(2).getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo(PermanentFailure.class.getName());
    }
}
