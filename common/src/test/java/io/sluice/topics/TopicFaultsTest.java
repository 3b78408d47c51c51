package io.sluice.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.settings.TopicNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicFaultsTest {
    private static final String TOPICS_SH = "kafka-topics.sh --bootstrap-server b:9092 ";
    private static final String CONFIGS_SH =
            "kafka-configs.sh --bootstrap-server b:9092 --alter --entity-type topics --entity-name ";

    private static final Map<String, String> PLANNED = Map.of("cleanup.policy", "delete");

    private final TopicNames topics = TopicNames.of("tasks");
    private final Map<String, TopicState> found = new HashMap<>();

    TopicFaultsTest() {
        for (TopicPlan plan : TopicPlan.of(topics, 6, 1)) {
            found.put(plan.name(), Topics.with(plan.partitions(), plan.configs()));
        }
    }

    private List<Finding> findings() {
        return TopicFaults.in(new Mending("b:9092", false), topics, found);
    }

    private List<String> faults() {
        assertThat(findings()).allMatch(finding -> finding.severity() == Finding.Severity.FAULT);
        return Finding.together(findings()).stream().map(Finding::toString).toList();
    }

    private void change(String name, String config, String value) {
        TopicState before = found.getOrDefault(name, Topics.with(6, Map.of()));
        Map<String, String> configs = new HashMap<>(before.configs());
        configs.put(config, value);
        found.put(name, new TopicState(before.partitions(), configs));
    }

    @Test
    void whatIsCreatedAsPlannedHasNone() {
        assertThat(faults()).isEmpty();
    }

    @Test
    void aMissingTopicIsNamedWithTheCommandThatMakesItLikeTheOthers() {
        found.remove("tasks.overflow");

        assertThat(faults())
                .containsExactly("the broker at b:9092 has no topic tasks.overflow ('sluice topics create' makes it): "
                        + TOPICS_SH
                        + "--create --partitions 6 --replication-factor 1 --config cleanup.policy=delete --config retention.bytes=-1"
                        + " --config retention.ms=604800000 --topic tasks.overflow");
    }

    @Test
    void aLoopMakesThoseThatAreAlike() {
        found.clear();

        assertThat(faults()).hasSize(3);
        assertThat(faults().get(0))
                .startsWith("the broker at b:9092 has no topic tasks, tasks.delay.10s, tasks.delay.1m,")
                .contains(
                        "for topic in tasks tasks.delay.10s ",
                        "tasks.results; do " + TOPICS_SH + "--create --partitions 12 ")
                .endsWith(" --topic $topic; done");
        assertThat(faults().get(1)).contains("--config retention.ms=2592000000 --topic tasks.dlq");
        assertThat(faults().get(2))
                .endsWith(TOPICS_SH + "--create --partitions 1 --config cleanup.policy=compact --topic tasks.control");
    }

    @Test
    void eachTopicHasAFindingOfItsOwnForPrograms() {
        found.clear();

        assertThat(findings())
                .extracting(Finding::topic)
                .containsExactlyElementsOf(topics.all())
                .doesNotHaveDuplicates();
        assertThat(findings().get(1).message())
                .isEqualTo("the broker at b:9092 has no topic tasks.delay.10s ('sluice topics create' makes it)");
        assertThat(findings().get(1).mend())
                .startsWith(TOPICS_SH + "--create --partitions 12 ")
                .endsWith(" --topic tasks.delay.10s");
    }

    @Test
    void unequalTopicsAreMadeEqualByAddingPartitionsAndKeysMoveOnlyWithThoseOfTheWork() {
        found.put("tasks", Topics.with(3, PLANNED));
        found.put("tasks.delay.1h", Topics.with(4, PLANNED));
        found.put("tasks.results", Topics.with(1, PLANNED));

        assertThat(faults())
                .containsExactly(
                        "topic tasks: 3 partitions, but another topic that is read with it has 6; drain the pipeline first,"
                                + " since keys move to other partitions: " + TOPICS_SH
                                + "--alter --topic tasks --partitions 6",
                        "topic tasks.delay.1h: 4 partitions, but another topic that is read with it has 6: " + TOPICS_SH
                                + "--alter --topic tasks.delay.1h --partitions 6");
    }

    @ParameterizedTest
    @CsvSource({
        "tasks, 86399999, 86400000",
        "tasks.overflow, 0, 86400000",
        "tasks.delay.10s, 86409999, 86410000",
        "tasks.delay.6h, 86400000, 108000000"
    })
    void aTopicThatForgetsTasksTooSoonIsRefused(String name, String retention, String least) {
        change(name, "retention.ms", retention);
        assertThat(faults())
                .singleElement()
                .asString()
                .startsWith("topic " + name + ": retention.ms is " + retention + ", but tasks must outlive ")
                .endsWith(", " + least + " ms: " + CONFIGS_SH + name + " --add-config retention.ms=604800000");

        change(name, "retention.ms", least);
        assertThat(faults()).isEmpty();
        change(name, "retention.ms", "-1");
        assertThat(faults()).isEmpty();
    }

    @Test
    void aTopicThatABacklogPushesTasksOutOfIsRefused() {
        change("tasks", "retention.bytes", "1000000000");

        assertThat(faults())
                .containsExactly("topic tasks: retention.bytes is 1000000000, so that a backlog would push tasks out: "
                        + CONFIGS_SH + "tasks --add-config retention.bytes=-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tasks|compact",
                "tasks.delay.1m|compact,delete",
                "tasks.overflow|compact",
                "tasks.results|compact",
                "tasks.dlq|delete,compact"
            })
    void noneButControlMayBeCompacted(String name, String policy) {
        change(name, "cleanup.policy", policy);

        assertThat(faults())
                .singleElement()
                .asString()
                .startsWith("topic " + name + ": cleanup.policy is '" + policy + "'")
                .endsWith(CONFIGS_SH + name + " --add-config cleanup.policy=delete");
    }

    @Test
    void controlMustBeCompactedAndHaveOnePartition() {
        found.put("tasks.control", Topics.with(2, Map.of("cleanup.policy", "delete")));

        assertThat(faults()).hasSize(2);
        assertThat(faults().get(0)).endsWith(CONFIGS_SH + "tasks.control --add-config cleanup.policy=compact");
        assertThat(faults().get(1))
                .endsWith(
                        ": " + TOPICS_SH + "--delete --topic tasks.control; " + TOPICS_SH
                                + "--create --partitions 1 --replication-factor 1 --config cleanup.policy=compact --topic tasks.control");
    }

    @Test
    void whatTheBrokerDoesNotTellIsNoFaultButSaid() {
        found.replaceAll((name, topic) -> new TopicState(topic.partitions(), Map.of()));

        assertThat(findings()).hasSize(10).allMatch(finding -> finding.severity() == Finding.Severity.WARNING);
        assertThat(Finding.together(findings()))
                .singleElement()
                .asString()
                .startsWith("topic tasks, tasks.delay.10s, ")
                .contains("is not checked", "kafka-acls.sh --bootstrap-server b:9092 ", "--topic $topic");
    }

    @Test
    void aPipelineMayKeepResultsAndDeadLettersAsBrieflyAsItLikes() {
        change("tasks.results", "retention.ms", "1000");
        change("tasks.dlq", "retention.bytes", "1000");

        assertThat(faults()).isEmpty();
    }

    @Test
    void allFaultsAreALineEach() {
        found.remove("tasks.dlq");
        change("tasks", "cleanup.policy", "compact");
        change("tasks.delay.1h", "retention.ms", "1");

        assertThat(faults()).hasSize(3).allMatch(fault -> fault.lines().count() == 1);
    }
}
