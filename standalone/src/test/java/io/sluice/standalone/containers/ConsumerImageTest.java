package io.sluice.standalone.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import io.sluice.record.Json;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.sluice.settings.Settings;
import io.sluice.standalone.TestPipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;

/** The consumer's image as a container, locked up as tightly as it goes, against the Kafka that everybody runs. */
@Tag("containers")
class ConsumerImageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int GRACE_SECONDS = 40;
    private static final int TASKS = 60;

    @TempDir
    static Path folder;

    private static Network network = Network.SHARED;
    private static KafkaContainer kafka = new KafkaContainer("apache/kafka:4.4.0");
    private static Path handlers = Path.of("");

    @BeforeAll
    static void start() throws Exception {
        Images.build();
        handlers = Files.createDirectory(folder.resolve("handlers"));
        HandlerJar.in(handlers);
        network = Network.newNetwork();
        kafka.withNetwork(network)
                .withNetworkAliases("kafka")
                .withListener("kafka:19092")
                .start();
    }

    @AfterAll
    static void stop() {
        kafka.stop();
        network.close();
    }

    @Test
    void itRunsAMountedHandlersTasksAndLogsThemAsJsonAndDrainsOnSigterm() {
        // Compressed, as many clients do it: what unpacks them is native code, which has to find a place to be loaded
        // from.
        try (TestPipeline pipeline = TestPipeline.open(
                        kafka.getBootstrapServers(),
                        Map.of("SLUICE_KAFKA_COMPRESSION_TYPE", "zstd", "SLUICE_TYPES_ECHO_RETRY_BACKOFF", "10ms"));
                GenericContainer<?> consumer = consumer(pipeline.settings())) {
            consumer.waitingFor(Wait.forHealthcheck().withStartupTimeout(PATIENCE))
                    .start();

            assertThat(pipeline.run(tasks())).hasSize(TASKS).allMatch(TaskResult::succeeded);
            long exitCode = stop(consumer);

            List<JsonNode> log = log(consumer);
            assertThat(exitCode).as(log::toString).isZero();
            assertThat(log).anySatisfy(entry -> {
                assertThat(entry.path("message").asText()).isEqualTo("Echoing\nin two lines");
                assertThat(entry.path("task").asText()).isEqualTo("task-7");
                assertThat(entry.path("type").asText()).isEqualTo("echo");
                assertThat(entry.path("key").asText()).isEqualTo("key-7");
                assertThat(entry.path("attempt").asText()).isEqualTo("2");
                assertThat(entry.path("topic").asText())
                        .isEqualTo(pipeline.settings().topic());
                assertThat(entry.path("partition").asText()).matches("\\d+");
                assertThat(entry.path("offset").asText()).matches("\\d+");
            });
            assertThat(log)
                    .extracting(entry -> entry.path("message").asText())
                    .anyMatch(message -> message.startsWith("Consuming '"))
                    .anyMatch(message -> message.startsWith("Stopping on SIGTERM"))
                    .anyMatch(message -> message.startsWith("Stopped: 0 running tasks finished"));
        }
    }

    @Test
    void itRunsWithoutRootAndHasNoBrokersCodeInIt() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(kafka.getBootstrapServers(), Map.of());
                GenericContainer<?> consumer = consumer(pipeline.settings())) {
            consumer.waitingFor(Wait.forHealthcheck().withStartupTimeout(PATIENCE))
                    .start();

            assertThat(said(consumer, "cat", "/proc/1/status"))
                    .containsPattern("Uid:\\s+10001\\s+10001")
                    .containsPattern("Gid:\\s+10001\\s+10001")
                    .containsPattern("CapEff:\\s+0+\\n")
                    .containsPattern("NoNewPrivs:\\s+1");
            assertThat(said(consumer, "ls", "/app/lib").lines())
                    .anyMatch(jar -> jar.startsWith("kafka-clients-"))
                    .anyMatch(jar -> jar.startsWith("sluice-consumer-"))
                    .noneMatch(jar -> jar.matches("kafka_.*|kafka-(server|metadata|raft|storage|group-coordinator).*"))
                    .noneMatch(jar -> jar.startsWith("sluice-producer") || jar.startsWith("sluice-standalone"));
            assertThat(consumer.execInContainer("touch", "/app/here").getExitCode())
                    .isNotZero();
            assertThat(stop(consumer)).isZero();
        }
    }

    @Test
    void theJvmsCacheIsOfUseBesideMountedHandlersToo() {
        // With `on` instead of `auto` a cache that does not fit is an error.
        String said = Engine.docker(
                folder,
                "run",
                "--rm",
                "--read-only",
                "--volume",
                handlers + ":/app/handlers:ro",
                "--env",
                "JDK_JAVA_OPTIONS=-XX:AOTMode=on",
                Images.CONSUMER,
                "--version");

        assertThat(said).contains("sluice-consumer 0.");
    }

    private static List<NewTask> tasks() {
        return IntStream.range(0, TASKS)
                .mapToObj(n -> NewTask.of(
                        "task-" + n,
                        "echo",
                        "key-" + n,
                        ("{\"n\":" + n + ",\"fails\":" + (n == 7) + "}").getBytes(UTF_8)))
                .toList();
    }

    private static GenericContainer<?> consumer(Settings pipeline) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                "kafka:19092",
                "SLUICE_TOPIC",
                pipeline.topic(),
                "SLUICE_CONSUMER_GROUP",
                pipeline.consumer().group(),
                "SLUICE_TYPES_ECHO_RETRY_BACKOFF",
                "10ms"));
        return new GenericContainer<>(Images.CONSUMER)
                .withNetwork(network)
                .withEnv(environment)
                .withTmpFs(Map.of("/tmp", "exec"))
                .withCreateContainerCmdModifier(ConsumerImageTest::lockUp);
    }

    private static void lockUp(CreateContainerCmd container) {
        Objects.requireNonNull(container.getHostConfig())
                // Not by Testcontainers' own method, which first asks a registry for an image to try a mount with.
                .withBinds(Bind.parse(handlers + ":/app/handlers:ro"))
                .withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges:true"));
    }

    /** Its exit code after a SIGTERM; an engine that has to kill it makes that 137. */
    private static long stop(GenericContainer<?> container) {
        container
                .getDockerClient()
                .stopContainerCmd(container.getContainerId())
                .withTimeout(GRACE_SECONDS)
                .exec();
        await().atMost(PATIENCE)
                .until(() -> Boolean.FALSE.equals(
                        container.getCurrentContainerInfo().getState().getRunning()));
        return Objects.requireNonNull(
                container.getCurrentContainerInfo().getState().getExitCodeLong());
    }

    /** All that it wrote, of which every line has to be a JSON object. */
    private static List<JsonNode> log(GenericContainer<?> container) {
        return container.getLogs().lines().map(ConsumerImageTest::object).toList();
    }

    private static JsonNode object(String line) {
        try {
            JsonNode entry = Json.mapper().readTree(line);
            assertThat(entry.isObject()).as(line).isTrue();
            return entry;
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }

    private static String said(GenericContainer<?> container, String... command) throws Exception {
        return container.execInContainer(command).getStdout();
    }
}
