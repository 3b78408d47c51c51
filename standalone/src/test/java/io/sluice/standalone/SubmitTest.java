package io.sluice.standalone;

import static io.sluice.standalone.SubmittedFile.header;
import static io.sluice.standalone.SubmittedFile.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.handler.BlockingTaskHandler;
import io.sluice.handler.PermanentFailure;
import io.sluice.handler.TaskContext;
import io.sluice.kafka.KafkaClients;
import io.sluice.producer.command.ProducerMain;
import io.sluice.record.HeaderNames;
import io.sluice.record.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code submit} against a real broker: what is in the topic afterwards, and what it says. */
class SubmitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** Fails what is below zero. */
    record Doubling(String type) implements BlockingTaskHandler<Integer, Integer> {
        @Override
        public Integer handle(Integer number, TaskContext task) {
            if (number < 0) {
                throw new PermanentFailure("negative");
            }
            return 2 * number;
        }
    }

    @Test
    void everyLineIsATaskWhoseIdIsTheFilesHashAndTheLine() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            SubmittedFile file = new SubmittedFile(pipeline, folder, "tasks", """
                    # a list

                    http://127.0.0.1:80/a
                    {"id": "mine", "type": "scan", "key": "own", "payload": {"customer": 7}}
                    {"payload": {"customer": 8}}
                    """);

            CommandRun run =
                    file.submit("--type", "look", "--delay", "1h", "--expires", "2035-01-01T00:00:00Z", "--key", "all");

            assertThat(run.exitCode()).as(run::err).isZero();
            assertThat(run.err()).isEqualTo("3 of 3 tasks submitted\n");
            assertThat(file.ids()).containsOnly(entry(file.id(3), 1L), entry("mine", 1L), entry(file.id(5), 1L));
            assertThat(file.records())
                    .extracting(record -> text(record.key()), record -> header(record, HeaderNames.TYPE))
                    .containsExactlyInAnyOrder(tuple("all", "look"), tuple("own", "scan"), tuple("all", "look"));
            assertThat(file.records()).allSatisfy(record -> {
                assertThat(Instant.parse(header(record, HeaderNames.NOT_BEFORE)))
                        .isBetween(
                                Instant.now().plusSeconds(3_000), Instant.now().plusSeconds(3_600));
                assertThat(header(record, HeaderNames.EXPIRY_TIME)).isEqualTo("2035-01-01T00:00:00Z");
            });
            assertThat(file.journal()).doesNotExist();

            // The same once more is the same tasks once more.
            assertThat(file.submit().exitCode()).isZero();
            assertThat(file.ids()).containsOnly(entry(file.id(3), 2L), entry("mine", 2L), entry(file.id(5), 2L));
        }
    }

    @Test
    void aBadLineStopsItBeforeAnythingIsSentUnlessItIsToKeepGoing() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            SubmittedFile file = new SubmittedFile(
                    pipeline,
                    folder,
                    "payloads",
                    "{\"customer\":{\"id\":7}}\n{\"customer\":\n{\"customer\":{}}\n{\"customer\":{\"id\":\"8\"}}\n"
                            + "nonsense\n".repeat(200));
            String[] bare = {"--bare", "--key-from", "customer.id"};

            CommandRun run = file.submit(bare);
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .startsWith("sluice: " + file.path() + ":2:13: not JSON")
                    .hasLineCount(1);
            assertThat(file.ids()).isEmpty();
            assertThat(file.journal()).doesNotExist();

            CommandRun kept = file.submit("--keep-going", bare[0], bare[1], bare[2]);
            assertThat(kept.exitCode()).isEqualTo(1);
            assertThat(kept.err())
                    .contains(
                            file.path() + ":2:13: not JSON",
                            file.path() + ":3:1: the payload has no customer.id to be the key",
                            "and 102 more bad lines\n",
                            "2 of 2 tasks submitted, 202 bad lines skipped\n")
                    .hasLineCount(102);
            assertThat(file.ids()).containsOnly(entry(file.id(1), 1L), entry(file.id(4), 1L));
            assertThat(file.records()).extracting(record -> text(record.key())).containsExactlyInAnyOrder("7", "8");
            assertThat(file.journal()).doesNotExist();
        }
    }

    @Test
    void whatComesFromStdinIsSentAsItComesAndItsResultsGoToStdout() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.consume(1, () -> List.of(new Doubling("double")));
            try (CommandProcess submit = CommandProcess.start(
                    folder,
                    SubmittedFile.environment(pipeline),
                    "submit",
                    "-",
                    "--bare",
                    "--type",
                    "double",
                    "--keep-going",
                    "--wait",
                    "--out",
                    "-")) {
                write(submit, "1\n2\nx\n");
                // Its results are there before the next line is written.
                await().atMost(PATIENCE).until(() -> submit.out().lines().count() == 2);
                assertThat(submit.err()).contains("stdin:3:1: not JSON");
                write(submit, "-1\n");
                submit.in().close();

                assertThat(submit.exitCode()).as(submit::err).isEqualTo(1);
                assertThat(submit.err()).contains("3 tasks submitted, 2 succeeded, 1 failed, 1 bad lines skipped");
                List<JsonNode> results =
                        submit.out().lines().map(SubmitTest::json).toList();
                assertThat(results)
                        .extracting(line -> line.path("value").asInt())
                        .contains(2, 4);
                assertThat(results.stream()
                                .map(line -> line.path("taskId").asText().replaceAll("^[0-9a-f]{16}-", "")))
                        .containsExactlyInAnyOrder("1", "2", "4");
            }
        }
    }

    @Test
    void whatIsTooLargeForTheBrokerIsNoRestToBeSent() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                Admin admin = KafkaClients.admin(pipeline.settings().kafka(), "test")) {
            ConfigResource tasks = new ConfigResource(
                    ConfigResource.Type.TOPIC, pipeline.settings().topics().tasks());
            AlterConfigOp smaller =
                    new AlterConfigOp(new ConfigEntry("max.message.bytes", "2000"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(tasks, List.of(smaller))).all().get();
            SubmittedFile file = new SubmittedFile(
                    pipeline, folder, "tasks", "{\"payload\":1}\n{\"payload\":\"" + "x".repeat(3_000) + "\"}\n");

            CommandRun run = file.submit("--keep-going", "--wait", "--timeout", "200ms");

            assertThat(run.exitCode()).as(run::err).isEqualTo(1);
            assertThat(run.err())
                    .contains(file.path() + ":2:1: ")
                    .contains("1 of 2 tasks submitted, 0 succeeded, 0 failed, 1 without a result, 1 bad lines skipped;"
                            + " the same command with --resume waits for the rest");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{\"payload\":3,\"type\":\"quiet\"}"})
    void whatComesFromStdinBeforeAFaultIsSentAndCounted(String fault) throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            SubmittedFile file = new SubmittedFile(pipeline, folder, "unused", "");
            Map<String, String> environment = new HashMap<>(SubmittedFile.environment(pipeline));
            environment.put("SLUICE_TYPES_QUIET_RESULTS", "failures");
            try (CommandProcess submit = CommandProcess.start(folder, environment, "submit", "-", "--wait")) {
                submit.tell("{\"payload\":1}\n{\"payload\":2}\n" + fault + "\n");

                assertThat(submit.exitCode()).as(submit::err).isEqualTo(2);
                assertThat(submit.err())
                        .contains("stdin:3:", "2 tasks submitted, 0 succeeded, 0 failed")
                        .contains("what is left of a stream cannot be resumed");
            }
            assertThat(file.ids()).hasSize(2);
        }
    }

    @Test
    void whoGaveUpWaitingCanWaitOnAndFindsWhatWasSettledMeanwhile() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            SubmittedFile file = new SubmittedFile(
                    pipeline,
                    folder,
                    "numbers",
                    "1\n{\"id\":\"own\",\"payload\":2}\n3\n".replaceAll("(?m)^(\\d)$", "{\"payload\":$1}"));
            Path out = folder.resolve("out.ndjson");
            String[] wait = {"--type", "double", "--wait", "--out", out.toString()};

            CommandRun run = file.submit(with(wait, "--timeout", "200ms"));
            assertThat(run.exitCode()).as(run::err).isEqualTo(1);
            assertThat(run.err())
                    .contains(
                            "gave up waiting 200ms after the last task was sent",
                            "3 of 3 tasks submitted, 0 succeeded, 0 failed, 3 without a result; the same command with"
                                    + " --resume waits for the rest");
            CommandRun again = file.submit(wait);
            assertThat(again.exitCode()).isEqualTo(2);
            assertThat(again.err()).contains("came to 3 of 3 tasks: --resume waits for their results");

            pipeline.consume(1, () -> List.of(new Doubling("double")));
            await().atMost(PATIENCE)
                    .until(() -> pipeline.read(pipeline.settings().topics().results())
                                    .size()
                            == 3);
            CommandRun resumed = file.submit(with(wait, "--resume"));

            assertThat(resumed.exitCode()).as(resumed::err).isZero();
            assertThat(resumed.err()).contains("3 of 3 tasks submitted, 3 succeeded, 0 failed");
            assertThat(Files.readAllLines(out).stream().map(SubmitTest::json))
                    .extracting(
                            line -> line.path("taskId").asText(),
                            line -> line.path("value").asInt())
                    .containsExactlyInAnyOrder(tuple(file.id(1), 2), tuple("own", 4), tuple(file.id(3), 6));
            assertThat(file.ids().values()).as("none is sent again").containsOnly(1L);
            assertThat(file.journal()).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource({"silent, none", "quiet, failures"})
    void aTypeWithoutResultsIsNotWaitedFor(String type, String results) throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            SubmittedFile file = new SubmittedFile(
                    pipeline, folder, "tasks", "{\"payload\":1}\n{\"payload\":2,\"type\":\"" + type + "\"}\n");

            CommandRun run = file.submit("--wait");

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .contains(file.path() + ":2: --wait would wait for ever, since type " + type + " has results: "
                            + results + " in the settings");
            assertThat(file.ids()).isEmpty();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void resultsThatCannotBeWrittenAreNoticed() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.consume(1, () -> List.of(new Doubling("double")));
            SubmittedFile file = new SubmittedFile(pipeline, folder, "numbers", "1\n2\n3\n");

            CommandRun run = file.submit("--bare", "--type", "double", "--wait", "--out", "/dev/full");

            assertThat(run.exitCode()).as(run::err).isEqualTo(1);
            assertThat(run.err())
                    .contains("the results cannot be written to /dev/full: No space left on device")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aTopicThatIsMissingIsNamedWithTheCommandThatMakesIt() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            SubmittedFile file = new SubmittedFile(pipeline, folder, "tasks", "http://h/\n");
            Path settings = Files.writeString(folder.resolve("missing.yaml"), "topic: missing\n");

            CommandRun run = CommandRun.of(
                    "submit",
                    file.path().toString(),
                    "--config",
                    settings.toString(),
                    "--bootstrap",
                    String.valueOf(pipeline.settings().kafka().get("bootstrap.servers")));
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("has no topic missing; `sluice topics create` makes the pipeline's topics")
                    .hasLineCount(1);
            assertThat(file.journal()).doesNotExist();
        }
    }

    @Test
    void theProducersOwnProgramSubmitsWithoutABrokerOrAConsumerInItsClassPath() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            SubmittedFile file = SubmittedFile.of(pipeline, folder, 10);
            Files.writeString(folder.resolve("logback.xml"), "<configuration/>");
            String classPath = Arrays.stream(
                            System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(SubmitTest::belongsToTheProducer)
                    .collect(Collectors.joining(File.pathSeparator));
            assertThat(classPath).contains("kafka-clients").doesNotContain("kafka_2.13", "kafka-server", "standalone");

            try (CommandProcess submit = CommandProcess.start(
                    folder,
                    SubmittedFile.environment(pipeline),
                    classPath,
                    ProducerMain.class,
                    "submit",
                    file.path().toString())) {
                assertThat(submit.exitCode()).as(submit::err).isZero();
                assertThat(submit.err()).isEqualTo("10 of 10 tasks submitted\n");
            }
            try (CommandProcess help =
                    CommandProcess.start(folder, Map.of(), classPath, ProducerMain.class, "submit", "x", "--no")) {
                assertThat(help.exitCode()).isEqualTo(2);
                assertThat(help.err()).contains("Unknown option: '--no'", "Try 'sluice-producer submit --help'");
            }
            assertThat(file.ids()).hasSize(10);
        }
    }

    private static boolean belongsToTheProducer(String entry) {
        String path = entry.replace('\\', '/');
        String file = path.substring(path.lastIndexOf('/') + 1);
        boolean server = file.startsWith("kafka") && !file.startsWith("kafka-clients");
        return !server
                && !path.contains("/standalone/")
                && !path.contains("/consumer/")
                && !file.contains("-consumer-");
    }

    private static String[] with(String[] options, String... more) {
        String[] all = Arrays.copyOf(options, options.length + more.length);
        System.arraycopy(more, 0, all, options.length, more.length);
        return all;
    }

    private static void write(CommandProcess process, String text) throws IOException {
        process.in().write(text.getBytes(UTF_8));
        process.in().flush();
    }

    private static JsonNode json(String line) {
        try {
            return Json.mapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }
}
