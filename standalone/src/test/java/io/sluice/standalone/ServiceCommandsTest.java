package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.Waiting;
import io.sluice.record.HeaderNames;
import io.sluice.record.Json;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands that run until a signal, in processes of their own, and {@code submit} beside them. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals")
class ServiceCommandsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern INTAKE = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/v1/tasks");

    @TempDir
    Path folder;

    @Test
    void upServesAnyKafkaClientAndARestartFindsItsData() throws Exception {
        int port = CommandProcess.freePort();
        String broker = "localhost:" + port;
        Settings settings = SettingsLoader.load(null, Map.of("SLUICE_KAFKA_BOOTSTRAP_SERVERS", broker));
        TopicRecords records = new TopicRecords(settings);
        String[] up = {"up", "--port", Integer.toString(port), "--data", "data", "--partitions", "2"};
        Map<String, String> environment = new HashMap<>(StubSite.ALLOWED);
        environment.put("SLUICE_PRODUCER_PORT", "0");
        try (StubSite site = new StubSite()) {
            try (CommandProcess first = CommandProcess.start(folder, environment, up)) {
                first.awaitErr("Ctrl-C ends it.");
                records.send(List.of(bare(site, "/bare")));
                await().atMost(PATIENCE).until(() -> results(records).size() == 1);

                Path file = folder.resolve("tasks.txt");
                Path out = folder.resolve("out.ndjson");
                Files.writeString(
                        file,
                        site.url("/line") + "\n{\"key\":\"" + site.host() + "\",\"payload\":{\"url\":\""
                                + site.url("/json") + "\"}}\n");
                CommandRun submit = CommandRun.of(
                        "submit", file.toString(), "--wait", "--out", out.toString(), "--bootstrap", broker);
                assertThat(submit.exitCode()).as(submit::err).isZero();
                assertThat(submit.err()).contains("2 of 2 tasks submitted, 2 succeeded, 0 failed");
                assertThat(Files.readAllLines(out))
                        .hasSize(2)
                        .allSatisfy(line -> assertThat(Json.mapper()
                                        .readTree(line)
                                        .at("/value/title")
                                        .asText())
                                .isEqualTo("A page"));

                first.signal("TERM");
                assertThat(first.exitCode()).as(first::err).isZero();
                assertThat(first.err())
                        .contains("Stopping on SIGTERM", "Stopped: 0 running tasks finished")
                        .doesNotContain("\tat ", "WARN", "ERROR");
                assertThat(first.out()).isEmpty();
            }
            try (CommandProcess again = CommandProcess.start(folder, environment, up)) {
                again.awaitErr("Ctrl-C ends it.");
                assertThat(results(records)).hasSize(3);

                records.send(List.of(bare(site, "/again")));
                await().atMost(PATIENCE).until(() -> results(records).size() == 4);
                assertThat(site.requests()).as("each page is fetched once").isEqualTo(4);

                again.signal("INT");
                assertThat(again.exitCode()).as(again::err).isZero();
            }
        }
    }

    @Test
    void aPageOfThisMachineIsNotFetchedBeforeItIsAllowedAndTheDeadLetterSaysHow() throws Exception {
        int port = CommandProcess.freePort();
        String[] up = {"up", "--port", Integer.toString(port), "--data", "data", "--partitions", "2"};
        try (StubSite site = new StubSite();
                CommandProcess running = CommandProcess.start(folder, Map.of("SLUICE_PRODUCER_PORT", "0"), up)) {
            running.awaitErr("Ctrl-C ends it.");
            Path out = folder.resolve("out.ndjson");
            Path file = Files.writeString(
                    folder.resolve("urls.txt"), site.url("/").replace("127.0.0.1", "localhost") + "\n");

            CommandRun submit = CommandRun.of(
                    "submit", file.toString(), "--wait", "--out", out.toString(), "--bootstrap", "localhost:" + port);

            assertThat(submit.err()).contains("1 failed");
            assertThat(Json.mapper()
                            .readTree(Files.readString(out))
                            .at("/value/message")
                            .asText())
                    .isEqualTo("fetch does not ask localhost (127.0.0.1), a loopback address, unless"
                            + " types.fetch.options.allow lists it");
            assertThat(Json.mapper()
                            .readTree(Files.readString(out))
                            .at("/value/attempts")
                            .intValue())
                    .isEqualTo(1);
            assertThat(site.requests()).isZero();
        }
    }

    @Test
    void upOnAPortInUseSaysSoInOneLine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());

            CommandRun run = CommandRun.of(
                    "up", "--port", port, "--data", folder.resolve("data").toString());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err().lines().filter(line -> line.startsWith("sluice: ")))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("Port " + port + " of this machine is in use"));
            assertThat(run.err()).doesNotContain("\tat ", "Exception");
        }
    }

    @Test
    void aConsumerOfATopicThatIsMissingSaysWhichAndHowToMakeIt() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            Path file = Files.writeString(folder.resolve("sluice.yaml"), "topic: missing\n");
            CommandRun run = CommandRun.of(
                    "consumer",
                    "--config",
                    file.toString(),
                    "--bootstrap",
                    String.valueOf(pipeline.settings().kafka().get("bootstrap.servers")));

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("has no topic missing", "--create").doesNotContain("\tat ", "Exception");
        }
    }

    @Test
    void aConsumerDrainsOnASignalAndSaysWhatItAbandoned() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_DEFAULT_TYPE", "fetch"));
                StubSite site = new StubSite();
                CommandProcess consumer = CommandProcess.start(folder, environment(pipeline, "500ms"), "consumer");
                CommandProcess producer =
                        CommandProcess.start(folder, environment(pipeline, "500ms"), "producer", "--port", "0")) {
            consumer.awaitErr("Consuming '");
            producer.awaitErr("/v1/tasks");
            post(producer, site.url("/page"), site.host());
            post(producer, site.url("/never"), site.host());
            await().atMost(PATIENCE).until(() -> site.requests() == 2);
            await().atMost(PATIENCE)
                    .until(() -> pipeline.read(pipeline.settings().topics().results())
                                    .size()
                            == 1);

            consumer.signal("TERM");
            producer.signal("TERM");

            assertThat(consumer.exitCode()).as(consumer::err).isZero();
            assertThat(consumer.err())
                    .contains("Stopping on SIGTERM", "1 were cancelled")
                    .doesNotContain("\tat ");
            assertThat(producer.exitCode()).as(producer::err).isZero();
            assertThat(producer.err()).contains("Stopped").doesNotContain("\tat ");
        }
    }

    @Test
    void aConsumerDrainsWhenItsTerminalHangsUp() throws Exception {
        assumeThat(ignoresHangUps())
                .as("nohup ignores it, for all that it starts")
                .isFalse();
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                CommandProcess consumer = CommandProcess.start(folder, environment(pipeline, "1h"), "consumer")) {
            consumer.awaitErr("Consuming '");

            consumer.signal("HUP");

            assertThat(consumer.exitCode()).as(consumer::err).isZero();
            assertThat(consumer.err()).contains("Stopping on SIGHUP", "Stopped");
        }
    }

    @Test
    void aSecondSignalASecondLaterEndsAConsumerAtOnce() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_DEFAULT_TYPE", "fetch"));
                StubSite site = new StubSite();
                CommandProcess consumer = CommandProcess.start(folder, environment(pipeline, "1h"), "consumer")) {
            consumer.awaitErr("Consuming '");
            pipeline.send(List.of(new ProducerRecord<>(
                    pipeline.settings().topics().tasks(),
                    null,
                    ("{\"url\":\"" + site.url("/never") + "\"}").getBytes(UTF_8))));
            await().atMost(PATIENCE).until(() -> site.requests() == 1);

            consumer.signal("TERM");
            consumer.awaitErr("once more ends it at once");
            consumer.signal("TERM");
            consumer.signal("INT");
            long said = System.nanoTime();
            await().atMost(PATIENCE)
                    .until(() ->
                            System.nanoTime() - said > Duration.ofSeconds(1).toNanos());
            assertThat(consumer.isAlive()).as("the first signals were one").isTrue();
            consumer.signal("TERM");

            assertThat(consumer.exitCode()).isNotZero();
            assertThat(consumer.err()).doesNotContain("Stopped:");
        }
    }

    /** As far as this system says so. */
    private static boolean ignoresHangUps() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream().anyMatch(line -> line.matches("SigIgn:.*[13579bdf]"));
    }

    private static Map<String, String> environment(TestPipeline pipeline, String drainTimeout) {
        Map<String, String> environment = new HashMap<>(StubSite.ALLOWED);
        Settings settings = pipeline.settings();
        environment.put(
                "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                String.valueOf(settings.kafka().get("bootstrap.servers")));
        environment.put("SLUICE_TOPIC", settings.topic());
        environment.put("SLUICE_CONSUMER_GROUP", settings.consumer().group());
        environment.put("SLUICE_CONSUMER_DRAIN_TIMEOUT", drainTimeout);
        environment.put("SLUICE_TYPES_FETCH_TIMEOUT", "4m");
        return environment;
    }

    private static void post(CommandProcess producer, String url, String key) {
        Matcher intake = INTAKE.matcher(producer.err());
        assertThat(intake.find()).isTrue();
        Vertx vertx = Vertx.vertx();
        try {
            JsonObject task = new JsonObject().put("key", key).put("payload", new JsonObject().put("url", url));
            assertThat(Waiting.on(WebClient.create(vertx)
                                    .postAbs(intake.group())
                                    .sendJsonObject(task))
                            .statusCode())
                    .isEqualTo(202);
        } finally {
            Waiting.on(vertx.close());
        }
    }

    private static ProducerRecord<byte[], byte[]> bare(StubSite site, String path) {
        return new ProducerRecord<>(
                "tasks", site.host().getBytes(UTF_8), ("{\"url\":\"" + site.url(path) + "\"}").getBytes(UTF_8));
    }

    private static List<ConsumerRecord<byte[], byte[]>> results(TopicRecords records) {
        List<ConsumerRecord<byte[], byte[]>> results = records.read("tasks.results");
        assertThat(results)
                .allSatisfy(result -> assertThat(HeaderNames.text(result.headers(), HeaderNames.TYPE))
                        .isEqualTo("fetch.succeeded"));
        return results;
    }
}
