package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.kafka.KafkaClients;
import io.sluice.record.Json;
import io.sluice.settings.TopicNames;
import io.sluice.standalone.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice topics create} and {@code check}, in processes of their own, against a broker. */
class TopicsCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static EmbeddedBroker broker;
    private static Admin admin;

    @TempDir
    Path folder;

    /** Each test has a pipeline of its own. */
    private final String topic = "t-" + UUID.randomUUID();

    private final TopicNames topics = TopicNames.of(topic);

    private record Run(int exitCode, String out, String err) {
        JsonNode json() throws IOException {
            assertThat(out.lines()).as(err).hasSize(1);
            JsonNode json = Json.mapper().readTree(out);
            assertThat(json.fieldNames()).toIterable().containsExactly("broker", "ok", "topics", "findings");
            assertThat(json.path("ok").booleanValue()).isEqualTo(exitCode == 0);
            return json;
        }
    }

    @BeforeAll
    static void open() {
        broker = EmbeddedBroker.temporary();
        admin = KafkaClients.admin(Map.of("bootstrap.servers", broker.bootstrapServers()), "test");
    }

    @AfterAll
    static void close() {
        admin.close();
        broker.close();
    }

    private Run topics(String... arguments) throws Exception {
        return run(broker.bootstrapServers(), arguments);
    }

    private Run run(String bootstrap, String... arguments) throws Exception {
        try (CommandProcess process = start(bootstrap, arguments)) {
            return end(process);
        }
    }

    private CommandProcess start(String bootstrap, String... arguments) throws IOException {
        String[] all = Stream.concat(Stream.of("topics"), Stream.of(arguments)).toArray(String[]::new);
        return CommandProcess.start(
                folder, Map.of("SLUICE_TOPIC", topic, "SLUICE_KAFKA_BOOTSTRAP_SERVERS", bootstrap), all);
    }

    private static Run end(CommandProcess process) throws InterruptedException {
        Run run = new Run(process.exitCode(), process.out(), process.err());
        assertThat(run.err()).doesNotContain("\tat ");
        return run;
    }

    private void carryOut(String... commands) throws Exception {
        for (String command : commands) {
            MendingCommand.carryOut(command, admin);
        }
    }

    private String topicsSh(String words) {
        return "kafka-topics.sh --bootstrap-server " + broker.bootstrapServers() + " " + words;
    }

    private String configsSh(String name, String config) {
        return "kafka-configs.sh --bootstrap-server " + broker.bootstrapServers()
                + " --alter --entity-type topics --entity-name " + name + " --add-config " + config;
    }

    /** As {@code severity topic} and the beginning of what is said of it. */
    private static List<String> findings(JsonNode report) {
        List<String> findings = new ArrayList<>();
        report.path("findings").forEach(finding -> {
            assertThat(finding.fieldNames()).toIterable().containsExactly("severity", "topic", "message", "mend");
            String message = finding.path("message").asText();
            String name = finding.path("topic").asText();
            assertThat(message).contains(name);
            findings.add(finding.path("severity").asText() + " " + name
                    + message.replaceFirst(".*" + name, "")
                            .replaceFirst("(([^ ]+ +){1,3}).*", "$1")
                            .stripTrailing());
        });
        return findings;
    }

    @Test
    void anEmptyBrokerGetsAllTopicsOfWhichTheCheckFindsNoFault() throws Exception {
        Run before = topics("check", "--json");
        assertThat(before.exitCode()).as(before.err()).isEqualTo(1);
        assertThat(before.json().path("topics")).isEmpty();
        assertThat(before.json().path("findings").findValuesAsText("topic")).isEqualTo(topics.all());

        Run create = topics("create");
        assertThat(create.exitCode()).as(create.err()).isZero();
        assertThat(create.err()).contains("Created " + String.join(", ", topics.all()) + ".");
        assertThat(create.out())
                .contains("topic ", "partitions  replication  retention  cleanup", "All is well.")
                .containsPattern(topic + " +12 +1 +7d +delete\\R")
                .containsPattern(topic + ".dlq +12 +1 +30d +delete\\R")
                .containsPattern(topic + ".control +1 +1 +for ever +compact\\R");

        Run check = topics("check", "--json");
        assertThat(check.exitCode()).as(check.err()).isZero();
        assertThat(check.err()).isEmpty();
        JsonNode report = check.json();
        assertThat(report.path("broker").asText()).isEqualTo(broker.bootstrapServers());
        assertThat(report.path("findings")).isEmpty();
        assertThat(report.path("topics").findValuesAsText("name")).isEqualTo(topics.all());
        assertThat(report.path("topics").path(0))
                .isEqualTo(Json.mapper()
                        .readTree("{\"name\":\"" + topic + "\",\"partitions\":12,\"replication\":1,"
                                + "\"retentionMs\":604800000,\"cleanupPolicy\":\"delete\"}"));
    }

    @Test
    void creatingAgainLeavesWhatIsThereAndMakesWhatIsMissingLikeIt() throws Exception {
        assertThat(topics("create", "--partitions", "3").exitCode()).isZero();
        carryOut(topicsSh("--delete --topic " + topics.overflow()), topicsSh("--delete --topic " + topics.control()));
        String ids = ids(topics.results());

        Run again = topics("create", "--partitions", "5", "--replication", "1", "--json");

        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.err())
                .contains(
                        "Created " + topics.overflow() + ", " + topics.control() + ".",
                        "They have 3 partitions, not 5",
                        "drain the pipeline first");
        assertThat(again.json().path("topics"))
                .hasSize(10)
                .allSatisfy(each -> assertThat(each.path("partitions").intValue())
                        .isEqualTo(each.path("name").asText().equals(topics.control()) ? 1 : 3));
        assertThat(ids(topics.results())).isEqualTo(ids);
        Run third = topics("create");
        assertThat(third.exitCode()).isZero();
        assertThat(third.err()).isEqualToIgnoringNewLines("All topics are there.");
    }

    private static String ids(String name) throws Exception {
        return admin.describeTopics(List.of(name))
                .allTopicNames()
                .get()
                .values()
                .toString();
    }

    @Test
    void everyKindOfFaultIsFoundAndItsCommandMendsIt() throws Exception {
        assertThat(topics("create", "--partitions", "4").exitCode()).isZero();
        List<String> expected = new ArrayList<>();
        String delay = topics.delays().get(3).topic();
        String other = topics.delays().get(1).topic();
        carryOut(
                topicsSh("--delete --topic " + topics.results()),
                topicsSh("--alter --partitions 6 --topic " + topics.overflow()),
                topicsSh("--delete --topic " + topics.control()),
                topicsSh("--create --partitions 2 --replication-factor 1 --topic " + topics.control()),
                configsSh(delay, "retention.ms=3600000"),
                configsSh(topic, "retention.bytes=1000000"),
                configsSh(topics.deadLetters(), "cleanup.policy=compact"),
                configsSh(other, "min.insync.replicas=2"),
                configsSh(topic, "max.message.bytes=5000000"));
        expected.add("fault " + topics.results() + " ('sluice topics create'");
        for (String name : topics.read()) {
            if (!name.equals(topics.overflow())) {
                expected.add("fault " + name + ": 4 partitions,");
            }
        }
        expected.add("fault " + delay + ": retention.ms is");
        expected.add("fault " + topic + ": retention.bytes is");
        expected.add("fault " + topics.deadLetters() + ": cleanup.policy is");
        expected.add("fault " + topics.control() + ": cleanup.policy is");
        expected.add("fault " + topics.control() + ": 2 partitions,");
        expected.add("fault " + other + ": replication factor");
        topics.delays().forEach(tier -> expected.add("warning " + tier.topic() + ": max.message.bytes is"));
        expected.add("warning " + topics.overflow() + ": max.message.bytes is");
        expected.add("warning " + topics.deadLetters() + ": max.message.bytes is");

        Run check = topics("check", "--json");

        assertThat(check.exitCode()).as(check.err()).isEqualTo(1);
        assertThat(findings(check.json())).containsExactlyElementsOf(expected);
        assertThat(check.json().path("findings"))
                .anySatisfy(finding -> assertThat(finding.path("message").asText())
                        .startsWith("topic " + topic + ": 4 partitions")
                        .contains("drain the pipeline first"));
        Run table = topics("check");
        assertThat(table.exitCode()).isEqualTo(1);
        assertThat(table.out())
                .contains("fault: topic " + topics.delays().get(0).topic() + ", " + other + ", ")
                .contains("  for topic in " + topics.delays().get(0).topic() + " " + other + " ")
                .contains("9 faults, 3 warnings.");

        carryOut(check.json().path("findings").findValuesAsText("mend").toArray(String[]::new));
        await().atMost(PATIENCE).until(() -> shown(topics.control()) == 1);
        Run after = topics("check", "--json");
        assertThat(after.exitCode()).as(after.out()).isZero();
        assertThat(findings(after.json())).isEmpty();
    }

    private static int shown(String name) {
        return admin.describeTopics(List.of(name))
                .allTopicNames()
                .toCompletionStage()
                .handle((found, failure) -> failure == null
                        ? found.values().iterator().next().partitions().size()
                        : 0)
                .toCompletableFuture()
                .join();
    }

    @Test
    void topicsThatAreMissingAreMendedByCreateAndWarningsAloneAreNoFailure() throws Exception {
        assertThat(topics("create", "--partitions", "2").exitCode()).isZero();
        carryOut(
                topicsSh("--delete --topic " + topics.deadLetters()),
                configsSh(topics.overflow(), "max.message.bytes=1000"));
        Run check = topics("check", "--json");
        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.json().at("/findings/0/message").asText()).contains("'sluice topics create' makes it");

        Run create = topics("create", "--json");

        assertThat(create.exitCode()).as(create.err()).isZero();
        assertThat(findings(create.json())).containsExactly("warning " + topics.overflow() + ": max.message.bytes is");
    }

    @Test
    void aFactorThatTheClusterHasNoBrokersForIsRefusedInOneLine() throws Exception {
        Run create = topics("create", "--replication", "3");

        assertThat(create.exitCode()).isEqualTo(1);
        assertThat(create.out()).isEmpty();
        assertThat(create.err().lines())
                .singleElement()
                .asString()
                .startsWith("sluice: topic " + topic + " cannot be created: ")
                .contains("3", "1 broker");
    }

    @Test
    void aBrokerThatDoesNotAnswerIsGivenUpInOneLine() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            String complaint =
                    "no Kafka broker answers at " + address + " within 15 s. Start one, or set kafka.bootstrap.servers";
            try (CommandProcess check = start("127.0.0.1:1", "check", "--json", "--bootstrap", address);
                    CommandProcess create = start("127.0.0.1:1", "create", "--bootstrap", address)) {
                Run checked = end(check);
                Run created = end(create);
                assertThat(checked.out()).isEqualTo("{\"ok\":false,\"error\":\"" + complaint + "\"}\n");
                assertThat(created.out()).isEmpty();
                for (Run run : List.of(checked, created)) {
                    assertThat(run.exitCode()).isEqualTo(1);
                    assertThat(run.err().lines().filter(line -> line.startsWith("sluice: ")))
                            .containsExactly("sluice: " + complaint);
                }
            }
        }
    }

    @Test
    void whereNothingListensThatIsAllThatIsSaid() throws Exception {
        String address = "127.0.0.1:" + CommandProcess.freePort();
        String complaint = "no Kafka broker answers at " + address
                + " within 15 s (Connection refused). Start one, or set kafka.bootstrap.servers";
        try (CommandProcess check = start(address, "check");
                CommandProcess create = start(address, "create", "--json")) {
            Run checked = end(check);
            Run created = end(create);
            assertThat(checked.out()).isEmpty();
            assertThat(created.out()).isEqualTo("{\"ok\":false,\"error\":\"" + complaint + "\"}\n");
            for (Run run : List.of(checked, created)) {
                assertThat(run.exitCode()).isEqualTo(1);
                assertThat(run.err()).isEqualTo("sluice: " + complaint + "\n");
            }
        }
    }

    @Test
    void optionsAndSettingsThatCannotBeReadAreBadUsage() throws Exception {
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "topik: x\nproducer: [\n");

        for (List<String> arguments : List.of(
                List.of("check", "--config", bad.toString()),
                List.of("create", "--config", folder + "/none.yaml"),
                List.of("create", "--partitions", "-3"),
                List.of("chekc"))) {
            Run run = topics(arguments.toArray(String[]::new));

            assertThat(run.exitCode()).as(arguments + ": " + run.err()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).isNotEmpty().doesNotContain("Exception");
        }
    }
}
