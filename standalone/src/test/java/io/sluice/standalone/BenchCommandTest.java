package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.record.Json;
import io.sluice.standalone.bench.Workload;
import io.sluice.standalone.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sluice bench} with few tasks: what it counts, what it says, and what it leaves behind. Never how fast anything is. */
class BenchCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    @Test
    void theHelpNamesEveryWorkload() {
        CommandRun help = CommandRun.of("bench", "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .startsWith("Usage: sluice bench")
                .contains(
                        Arrays.stream(Workload.values()).map(Workload::toString).toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "nop,                         'there is no workload ''nop'', but noop, async, blocking, skew, latency, flood, crash, fanout'",
        "noop nop,                    there is no workload 'nop'",
        "noop --tasks 0,              '--tasks is 0, but must be from 1 to 10000000'",
        "noop --warm-up -1,           '--warm-up is -1, but must be from 0'",
        "async --work 10,             '--work is ''10'', but must be a time such as 10ms, from 1ms to 1m'",
        "async --work 0ms,            '--work is ''0ms'', but must be a time such as 10ms, from 1ms to 1m'",
        "async --work 2m,             '--work is ''2m'', but must be a time'",
        "noop latency --work 20ms,    '--work is 20ms, but is of no use to noop, latency; leave it out, or measure one of async, blocking, skew, flood, crash, fanout'",
        "noop async --rate 10,        '--rate is 10, but is of no use to noop, async; leave it out, or measure one of skew, latency, flood'",
        "noop --commit-interval soon, '--commit-interval is ''soon'', but must be a time'",
        "noop --in-flight 0,          '--in-flight is 0, but must be from 1'",
        "latency --rate 0,            '--rate is 0, but must be from 1'",
        "noop --keys 0,               '--keys is 0, but must be from 1'",
        "noop --bytes 24,             '--bytes is 24, but must be from 25 to 900000'",
        "noop --partitions 0,         '--partitions is 0, but must be from 1 to 1000'",
        "fanout --partitions 6,       '--partitions is 6, but the consumers of fanout share them evenly; give a multiple of 4'",
        "latency --warm-up 0,         '--warm-up is 0, but latency needs at least 1'",
        "noop --heap 1,               '--heap is 1, but must be from 64 to 65536'",
        "noop --repeat 0,             '--repeat is 0, but must be from 1'"
    })
    void whatCannotBeMeasuredIsSaidInOneLine(String line, String expected) {
        CommandRun run = CommandRun.of(("bench " + line).split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains(expected)
                .startsWith("sluice: ");
    }

    @Test
    void everyTaskOfEveryWorkloadRunsOnceAndTheFiguresAreJson() throws Exception {
        List<JsonNode> all = measure(
                "noop",
                "async",
                "blocking",
                "skew",
                "latency",
                "flood",
                "--tasks",
                "400",
                "--warm-up",
                "200",
                "--rate",
                "400",
                "--in-flight",
                "7",
                "--partitions",
                "4",
                "--keys",
                "40",
                "--results");

        assertThat(all)
                .extracting(figures -> figures.path("workload").textValue())
                .containsExactly("noop", "async", "blocking", "skew", "latency", "flood");
        assertThat(all).allSatisfy(figures -> {
            assertThat(figures.path("consumer").textValue()).isEqualTo("sluice");
            assertThat(figures.path("speed").path("tasks").intValue()).isEqualTo(400);
            assertThat(figures.path("speed").path("seconds").doubleValue()).isPositive();
            assertThat(figures.path("speed").path("rate").doubleValue()).isPositive();
            assertThat(figures.path("cost").path("peakHeapMegabytes").doubleValue())
                    .isBetween(1.0, 256.0);
            assertThat(figures.path("runs").path("lost").isIntegralNumber()).isTrue();
            assertThat(figures.path("runs").path("lost").intValue()).isZero();
            assertThat(figures.path("runs").path("repeats").isIntegralNumber()).isTrue();
            assertThat(figures.path("runs").path("repeats").intValue()).isZero();
            assertThat(figures.path("runs").path("mostInFlight").intValue()).isBetween(1, 7);
        });
        assertThat(having(all, "latency", "p99")).containsExactly("skew", "latency", "flood");
        assertThat(having(all, "speed", "idealShare")).containsExactly("async", "blocking");
        assertThat(having(all, "cost", "cpuSecondsPer100k")).containsExactly("noop", "async", "blocking");
    }

    /** The group waits 45 s for the one that was killed. */
    @Test
    @Tag("chaos")
    void aKilledConsumerLosesNothingAndItsRepeatsAreCounted() throws Exception {
        JsonNode figures = measure("crash", "--tasks", "2000", "--in-flight", "20", "--partitions", "4")
                .get(0);

        assertThat(figures.path("runs").path("lost").intValue()).isZero();
        assertThat(figures.path("runs").path("repeats").isIntegralNumber()).isTrue();
        assertThat(figures.path("runs").path("repeats").intValue()).isBetween(0, 2_000);
        assertThat(figures.path("runs").path("mostInFlight").intValue()).isBetween(1, 20);
    }

    @Test
    @Tag("chaos")
    void consumersShareTheTasks() throws Exception {
        List<JsonNode> all = measure(
                "fanout",
                "--tasks",
                "400",
                "--warm-up",
                "100",
                "--work",
                "20ms",
                "--in-flight",
                "5",
                "--keys",
                "400",
                "--partitions",
                "8");

        assertThat(all)
                .extracting(figures -> figures.path("speed").path("consumers").intValue())
                .containsExactly(1, 2, 4);
        assertThat(all).allSatisfy(figures -> {
            assertThat(figures.path("runs").path("lost").intValue()).isZero();
            assertThat(figures.path("runs").path("repeats").intValue()).isZero();
            assertThat(figures.path("runs").path("mostInFlight").intValue())
                    .isBetween(1, 5 * figures.path("speed").path("consumers").intValue());
        });
    }

    @Test
    void aTableIsForPeople() {
        CommandRun run = CommandRun.of("bench", "async", "--tasks", "50", "--warm-up", "0", "--partitions", "2");

        assertThat(run.exitCode()).as(run::err).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.out()).startsWith("workload ").contains(System.lineSeparator() + "async ");
    }

    @Test
    void whereNoBrokerListensThatIsAllThatIsSaid() throws Exception {
        String address = "127.0.0.1:" + CommandProcess.freePort();

        CommandRun run = CommandRun.of("bench", "noop", "--tasks", "1", "--bootstrap", address);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("sluice: no Kafka broker answers at " + address + " within 10 s (")
                .endsWith("Start one, or leave out --bootstrap and measure on an embedded one");
    }

    @Test
    void aConsumerThatCannotStartIsQuotedInOneLineAndLeavesNothing() throws Exception {
        try (CommandProcess bench = start("noop", "--tasks", "10", "--java-opts", "-XX:NoSuchFlag")) {
            assertThat(bench.exitCode()).as(bench::err).isEqualTo(1);

            assertThat(bench.out()).isEmpty();
            assertThat(said(bench))
                    .singleElement()
                    .asString()
                    .startsWith("sluice: the process of sluice has ended with exit code 1: ")
                    .contains("Unrecognized VM option 'NoSuchFlag'");
            assertThat(files()).isEmpty();
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals")
    void ctrlCLeavesNeitherProcessesNorFiles() throws Exception {
        try (CommandProcess bench = start("async", "--tasks", "100", "--warm-up", "0", "--work", "30s")) {
            List<ProcessHandle> others = awaitOthers(bench);

            // As a terminal does it: to all of them.
            for (ProcessHandle other : others) {
                signal(other.pid(), "INT");
            }
            bench.signal("INT");

            assertThat(bench.exitCode()).isEqualTo(130);
            assertThat(bench.err()).doesNotContain("\tat ");
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(others).noneMatch(ProcessHandle::isAlive);
                assertThat(files()).isEmpty();
            });
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals")
    void ctrlCLeavesNoTopicsOnABrokerOfYours() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                CommandProcess bench = start(
                        "async",
                        "--tasks",
                        "100",
                        "--warm-up",
                        "0",
                        "--work",
                        "30s",
                        "--bootstrap",
                        broker.bootstrapServers())) {
            List<ProcessHandle> consumer = awaitOthers(bench, 1);
            assertThat(admin.listTopics().names().get()).anyMatch(topic -> topic.startsWith("bench-"));

            bench.signal("INT");

            assertThat(bench.exitCode()).isEqualTo(130);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(consumer).noneMatch(ProcessHandle::isAlive);
                assertThat(admin.listTopics().names().get()).noneMatch(topic -> topic.startsWith("bench-"));
                assertThat(files()).noneMatch(file -> file.startsWith("sluice-bench"));
            });
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals")
    void theOtherProcessesEndWhenItIsKilled() throws Exception {
        try (CommandProcess bench = start("async", "--tasks", "100", "--warm-up", "0", "--work", "1s")) {
            List<ProcessHandle> others = awaitOthers(bench);

            bench.signal("KILL");

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(others).noneMatch(ProcessHandle::isAlive);
                assertThat(files()).noneMatch(file -> file.startsWith("sluice-broker"));
            });
        }
    }

    /** Its broker and its consumer, once they are there. */
    private static List<ProcessHandle> awaitOthers(CommandProcess bench) {
        return awaitOthers(bench, 2);
    }

    private static List<ProcessHandle> awaitOthers(CommandProcess bench, int count) {
        List<ProcessHandle> others = new ArrayList<>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            others.clear();
            ProcessHandle.of(bench.pid()).stream()
                    .flatMap(ProcessHandle::descendants)
                    .forEach(others::add);
            assertThat(others).as(bench::err).hasSize(count);
        });
        return others;
    }

    private static void signal(long pid, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    /** In a process whose temporary folder, and that of those that it starts, is the test's. */
    private CommandProcess start(String... arguments) throws IOException {
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        return CommandProcess.start(
                folder,
                Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary),
                Stream.concat(Stream.of("bench", "--partitions", "2"), Arrays.stream(arguments))
                        .toArray(String[]::new));
    }

    /** Without what Java says of its variable. */
    private static Stream<String> said(CommandProcess bench) {
        return bench.err().lines().filter(line -> !line.startsWith("NOTE: "));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Every task must have run as often as it should. */
    private static List<JsonNode> measure(String... arguments) throws IOException {
        CommandRun run = CommandRun.of(Stream.concat(Stream.of("bench", "--json"), Arrays.stream(arguments))
                .toArray(String[]::new));
        assertThat(run.exitCode()).as(() -> run.err() + run.out()).isZero();
        List<JsonNode> all = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            all.add(Json.mapper().readTree(line));
        }
        return all;
    }

    private static List<String> having(List<JsonNode> all, String group, String field) {
        return all.stream()
                .filter(figures -> figures.path(group).has(field))
                .map(figures -> figures.path("workload").textValue())
                .toList();
    }
}
