package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.management.Asking;
import io.sluice.management.PrometheusText;
import io.sluice.record.NewTask;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.sluice.standalone.chaos.BrokerProgram;
import io.sluice.topics.PipelineTopics;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The management ports of real processes, while the broker goes and comes back, and while they stop. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals")
@Timeout(400)
class ManagementPortTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern PORT = Pattern.compile("Health and metrics at (http://127\\.0\\.0\\.1:\\d+/)");
    private static final Pattern INTAKE = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+/)v1/tasks");

    @TempDir
    Path folder;

    @Test
    void aProducerIsUnreadyWhileTheBrokerIsAwayAndReadyAgainByItself() throws Exception {
        int port = CommandProcess.freePort();
        CommandProcess broker = broker(port);
        try (CommandProcess producer = CommandProcess.start(folder, environment("localhost:" + port), "producer")) {
            PipelineTopics.create(settings("localhost:" + port), 2);
            Asking asking = asking(producer);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(asking.get("health/ready").statusCode()).isEqualTo(200));
            assertThat(asking.check("health/ready", "http")).startsWith("200 UP it listens at http://127.0.0.1:");
            assertThat(asking.check("health/ready", "broker")).startsWith("200 UP it answered ");
            assertThat(asking.check("health/ready", "buffer")).startsWith("200 UP 0 tasks with 0 bytes");
            assertThat(asking.check("health/live", "event-loop")).isEqualTo("200 UP it turns");
            assertThat(asking.check("health/started", "started")).startsWith("200 UP");

            take(producer);
            // A task is measured just after its sender has been told.
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(asking.get("metrics").body())
                            .contains("sluice_producer_acknowledge_seconds_count 1"));
            PrometheusText measured = PrometheusText.parse(asking.get("metrics").body());
            assertThat(measured.value("sluice_producer_tasks_total", Map.of("source", "http", "outcome", "accepted")))
                    .isEqualTo(1);
            assertThat(measured.value("sluice_producer_acknowledge_seconds_count", Map.of()))
                    .isEqualTo(1);
            assertThat(measured.value("vertx_http_server_requests_total", Map.of("code", "202")))
                    .isEqualTo(1);
            assertThat(measured.types())
                    .containsEntry("sluice_producer_acknowledge_seconds", "histogram")
                    .containsEntry("sluice_producer_buffered_tasks", "gauge")
                    .containsEntry("sluice_producer_buffered_bytes", "gauge")
                    .containsEntry("sluice_producer_index_tasks", "gauge")
                    .containsKeys("jvm_memory_used_bytes", "kafka_producer_record_send_total");
            assertThat(measured.value("kafka_producer_record_send_total", Map.of()))
                    .isEqualTo(1);

            broker.close();
            long goneNanos = System.nanoTime();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(asking.check("health/ready", "broker")).startsWith("503 DOWN no answer for "));
            System.out.printf(
                    "a producer without a broker was unready after %.1f s%n", (System.nanoTime() - goneNanos) / 1e9);
            assertThat(asking.get("health/live").statusCode()).isEqualTo(200);

            broker = broker(port);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(asking.get("health/ready").statusCode()).isEqualTo(200));

            producer.signal("TERM");
            assertThat(producer.exitCode()).as(producer::err).isZero();
        } finally {
            broker.close();
        }
    }

    @Test
    void aConsumerThatDrainsLivesAndIsReadyNoMore() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                StubSite site = new StubSite()) {
            Map<String, String> environment =
                    environment(String.valueOf(pipeline.settings().kafka().get("bootstrap.servers")));
            environment.put("SLUICE_TOPIC", pipeline.settings().topic());
            environment.put("SLUICE_CONSUMER_GROUP", pipeline.settings().topic());
            environment.put("SLUICE_CONSUMER_DRAIN_TIMEOUT", "20s");
            environment.put("SLUICE_TYPES_FETCH_TIMEOUT", "1m");
            environment.put("SLUICE_TYPES_FETCH_OPTIONS_ALLOW", "127.0.0.1, localhost");
            try (CommandProcess consumer = CommandProcess.start(folder, environment, "consumer")) {
                Asking asking = asking(consumer);
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(asking.get("health/ready").statusCode())
                                        .isEqualTo(200));
                assertThat(asking.check("health/live", "event-loop")).startsWith("200 UP it turned ");
                assertThat(asking.get("stalled").body()).isEqualTo("[]");

                var running = pipeline.submit(List.of(NewTask.of(
                        "hangs", "fetch", "a-key", ("{\"url\":\"" + site.url("/never") + "\"}").getBytes(UTF_8))));
                await().atMost(PATIENCE).until(() -> site.requests() == 1);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(asking.get("stalled").body())
                                .contains("\"task\":\"hangs\"", "\"key\":\"a-key\"", "\"state\":\"running\""));
                assertThat(asking.get("metrics").body()).doesNotContain("a-key");
                PrometheusText.parse(asking.get("metrics").body());

                consumer.signal("TERM");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(asking.check("health/ready", "stopping"))
                                .startsWith("503 DOWN"));
                assertThat(asking.get("health/live").statusCode()).isEqualTo(200);
                assertThat(asking.get("health/started").statusCode()).isEqualTo(200);
                assertThat(consumer.exitCode()).as(consumer::err).isZero();
                assertThat(running.isComplete()).isFalse();
            }
        }
    }

    @Test
    void aPortInUseEndsTheCommandInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                CommandProcess producer = CommandProcess.start(
                        folder, Map.of("SLUICE_MANAGEMENT_PORT", Integer.toString(taken.getLocalPort())), "producer")) {
            producer.awaitErr("management.port");
            assertThat(producer.err().lines())
                    .containsExactly("sluice: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": the port is in use, or the address is not this machine's;"
                            + " see management.port and management.host");
        }
    }

    private CommandProcess broker(int port) throws IOException {
        CommandProcess started = CommandProcess.start(
                folder, Map.of(), BrokerProgram.class, folder.resolve("broker").toString(), String.valueOf(port));
        started.awaitErr(BrokerProgram.UP);
        return started;
    }

    private static Map<String, String> environment(String broker) {
        return new HashMap<>(Map.of(
                "SLUICE_KAFKA_BOOTSTRAP_SERVERS", broker, "SLUICE_PRODUCER_PORT", "0", "SLUICE_MANAGEMENT_PORT", "0"));
    }

    private static Settings settings(String broker) {
        return SettingsLoader.load(null, environment(broker));
    }

    private static Asking asking(CommandProcess process) {
        process.awaitErr("Health and metrics at ");
        Matcher port = PORT.matcher(process.err());
        assertThat(port.find()).as(process::err).isTrue();
        return new Asking(port.group(1));
    }

    private static void take(CommandProcess producer) {
        Matcher intake = INTAKE.matcher(producer.err());
        assertThat(intake.find()).as(producer::err).isTrue();
        var answer = new Asking(intake.group(1)).post("v1/tasks", new JsonObject().put("payload", 1));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }
}
