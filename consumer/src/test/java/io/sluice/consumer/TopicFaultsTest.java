package io.sluice.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.kafka.TopicPlan;
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

    private final TopicNames topics = TopicNames.of("tasks");
    private final Map<String, TopicState> found = new HashMap<>();

    TopicFaultsTest() {
        for (TopicPlan plan : TopicPlan.of(topics, 6)) {
            found.put(plan.name(), new TopicState(plan.partitions(), plan.configs()));
        }
    }

    private List<String> faults() {
        return TopicFaults.in("b:9092", topics, found);
    }

    private void change(String name, String config, String value) {
        TopicState before = found.getOrDefault(name, new TopicState(6, Map.of()));
        Map<String, String> configs = new HashMap<>(before.configs());
        configs.put(config, value);
        found.put(name, new TopicState(before.partitions(), configs));
    }

    @Test
    void whatIsCreatedAsPlannedHasNone() {
        assertThat(faults()).isEmpty();
        assertThat(TopicFaults.partitions(topics, found)).isEqualTo(6);
    }

    @Test
    void aMissingTopicIsNamedWithTheCommandThatMakesItLikeTheOthers() {
        found.remove("tasks.overflow");

        assertThat(faults())
                .containsExactly("the broker at b:9092 has no topic tasks.overflow: " + TOPICS_SH
                        + "--create --partitions 6 --config cleanup.policy=delete --config retention.bytes=-1"
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
    void unequalTopicsAreMadeEqualByAddingPartitions() {
        found.put("tasks", new TopicState(3, Map.of()));
        found.put("tasks.delay.1h", new TopicState(4, Map.of()));
        found.put("tasks.results", new TopicState(1, Map.of()));

        assertThat(faults())
                .containsExactly(
                        "topic tasks has 3 partitions, another that is read with it 6: " + TOPICS_SH
                                + "--alter --topic tasks --partitions 6 (drain the pipeline first: keys move to other"
                                + " partitions)",
                        "topic tasks.delay.1h has 4 partitions, another that is read with it 6: " + TOPICS_SH
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
        found.put("tasks.control", new TopicState(2, Map.of("cleanup.policy", "delete")));

        assertThat(faults()).hasSize(2);
        assertThat(faults().get(0)).endsWith(CONFIGS_SH + "tasks.control --add-config cleanup.policy=compact");
        assertThat(faults().get(1))
                .endsWith(": " + TOPICS_SH + "--delete --topic tasks.control; " + TOPICS_SH
                        + "--create --partitions 1 --config cleanup.policy=compact --topic tasks.control");
    }

    @Test
    void whatTheBrokerDoesNotTellIsNoFault() {
        found.replaceAll((name, topic) -> new TopicState(topic.partitions(), Map.of()));

        assertThat(faults()).isEmpty();
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
