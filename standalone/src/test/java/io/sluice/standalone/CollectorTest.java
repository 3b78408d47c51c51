package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A producer in a process of its own, and the collector that its environment names. */
class CollectorTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final Pattern INTAKE = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/v1/tasks");

    @TempDir
    private Path folder = Path.of("");

    private CommandProcess producer(TestPipeline pipeline, Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of(
                "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                String.valueOf(pipeline.settings().kafka().get("bootstrap.servers")),
                "SLUICE_TOPIC",
                pipeline.settings().topic()));
        environment.putAll(more);
        return CommandProcess.start(folder, environment, "producer", "--port", "0");
    }

    private static int post(CommandProcess producer) throws Exception {
        producer.awaitErr("/v1/tasks");
        Matcher intake = INTAKE.matcher(producer.err());
        assertThat(intake.find()).as(producer::err).isTrue();
        HttpRequest request = HttpRequest.newBuilder(URI.create(intake.group()))
                .header("content-type", "application/json")
                .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"any\",\"payload\":1}"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static void stop(CommandProcess producer) throws Exception {
        producer.signal("TERM");
        assertThat(producer.exitCode()).as(producer::err).isZero();
    }

    @Test
    void spansReachTheCollector() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            assertThat(exchange.getRequestHeaders().getFirst("content-type")).isEqualTo("application/x-protobuf");
            received.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        String url = "http://127.0.0.1:" + collector.getAddress().getPort();
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                CommandProcess producer = producer(pipeline, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", url))) {
            assertThat(post(producer)).isEqualTo(202);

            stop(producer);

            assertThat(String.join("", received))
                    .contains(
                            new String(HexFormat.of().parseHex(TRACE), ISO_8859_1),
                            "POST /v1/tasks",
                            "send " + pipeline.settings().topic(),
                            "sluice-producer");
        } finally {
            collector.stop(0);
        }
    }

    @Test
    void aCollectorThatNeverAnswersHoldsNothingUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                TestPipeline pipeline = TestPipeline.open(Map.of());
                CommandProcess producer = producer(
                        pipeline,
                        Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                "http://127.0.0.1:" + silent.getLocalPort(),
                                // Whoever waited for it would wait for longer than a test does.
                                "OTEL_EXPORTER_OTLP_TIMEOUT",
                                "300000",
                                "OTEL_BSP_EXPORT_TIMEOUT",
                                "300000"))) {
            assertThat(post(producer)).isEqualTo(202);

            stop(producer);
        }
    }

    @Test
    void aCollectorThatIsNotThereIsComplainedOfSeldom() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                CommandProcess producer = producer(
                        pipeline,
                        Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                "http://127.0.0.1:" + CommandProcess.freePort(),
                                "OTEL_BSP_SCHEDULE_DELAY",
                                "20"))) {
            assertThat(post(producer)).isEqualTo(202);
            await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
                assertThat(post(producer)).isEqualTo(202);
                assertThat(producer.err()).contains("Failed to export");
            });
            for (int i = 0; i < 50; i++) {
                assertThat(post(producer)).isEqualTo(202);
            }

            stop(producer);

            assertThat(producer.err().split("Failed to export", -1))
                    .as(producer::err)
                    .hasSizeLessThan(12);
            assertThat(producer.err().lines().filter(line -> line.contains("Failed to export")))
                    .as("as all other lines of the log")
                    .allMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d .*"));
        }
    }

    @Test
    void withoutACollectorNothingOfTheSdkIsLoaded() throws Exception {
        Path loaded = folder.resolve("loaded.txt");
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                CommandProcess producer =
                        producer(pipeline, Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded))) {
            assertThat(post(producer)).isEqualTo(202);
            stop(producer);
        }

        assertThat(Files.readString(loaded))
                .contains("io.sluice.tracing.Tracing ")
                .doesNotContain("io.opentelemetry.sdk", "io.opentelemetry.exporter", "okhttp3");
    }

    @Test
    void variablesThatMakeNoSenseAreNamed() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                CommandProcess producer = producer(
                        pipeline,
                        Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1",
                                "OTEL_EXPORTER_OTLP_PROTOCOL", "carrier-pigeon"))) {
            assertThat(producer.exitCode()).isNotZero();
            assertThat(producer.err())
                    .contains("tracing cannot start", "carrier-pigeon")
                    .doesNotContain("\tat ");
        }
    }
}
