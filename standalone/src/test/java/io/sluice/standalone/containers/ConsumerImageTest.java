package io.sluice.standalone.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.record.Json;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.sluice.settings.Settings;
import io.sluice.standalone.TestPipeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/** The consumer's image as a container, locked up as tightly as it goes, against the Kafka that everybody runs. */
@Tag("containers")
class ConsumerImageTest {
    private static final int TASKS = 60;

    @TempDir
    static Path folder;

    private static @Nullable TestBed bed;

    @BeforeAll
    static void start() throws Exception {
        bed = TestBed.start(folder);
    }

    @AfterAll
    static void stop() {
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void itRunsAMountedHandlersTasksAndLogsThemAsJsonAndDrainsOnSigterm() {
        // Compressed, as many clients do it: what unpacks them is native code, which has to find a place to be loaded
        // from.
        try (TestPipeline pipeline = TestPipeline.open(
                        bed().bootstrap(),
                        Map.of("SLUICE_KAFKA_COMPRESSION_TYPE", "zstd", "SLUICE_TYPES_ECHO_RETRY_BACKOFF", "10ms"));
                GenericContainer<?> consumer = consumer(pipeline.settings())) {
            assertThat(pipeline.run(tasks())).hasSize(TASKS).allMatch(TaskResult::succeeded);
            long exitCode = TestBed.stop(consumer);

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
        try (TestPipeline pipeline = TestPipeline.open(bed().bootstrap(), Map.of());
                GenericContainer<?> consumer = consumer(pipeline.settings())) {
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
            assertThat(TestBed.stop(consumer)).isZero();
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
                bed().handlers() + ":/app/handlers:ro",
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

    private static TestBed bed() {
        return Objects.requireNonNull(bed);
    }

    private static GenericContainer<?> consumer(Settings pipeline) {
        return bed().consumer(Map.of(
                "SLUICE_TOPIC",
                pipeline.topic(),
                "SLUICE_CONSUMER_GROUP",
                pipeline.consumer().group(),
                "SLUICE_TYPES_ECHO_RETRY_BACKOFF",
                "10ms"));
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
