package io.sluice.topics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.record.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicationFindingsTest {
    private static final List<Integer> THREE = List.of(1, 2, 3);
    private static final Map<String, String> TWO_IN_SYNC = Map.of("min.insync.replicas", "2");

    private final Map<String, TopicState> found = new LinkedHashMap<>();

    private List<Finding> findings(Integer... brokers) {
        return ReplicationFindings.in(new Mending("b:9092", false), found, List.of(brokers));
    }

    private Finding only(Integer... brokers) {
        List<Finding> findings = findings(brokers);
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    /** The replicas of each partition that the command asks for. */
    private static List<List<Integer>> reassigned(Finding finding) throws Exception {
        String[] halves = finding.mend().split("' \\| ", 2);
        assertThat(halves[0]).startsWith("echo '{");
        assertThat(halves[1])
                .isEqualTo("kafka-reassign-partitions.sh --bootstrap-server b:9092 --execute"
                        + " --reassignment-json-file /dev/stdin");
        JsonNode json = Json.mapper().readTree(halves[0].substring("echo '".length()));
        assertThat(json.path("version").intValue()).isEqualTo(1);
        assertThat(json.path("partitions"))
                .allSatisfy(partition ->
                        assertThat(partition.path("topic").asText()).isEqualTo(finding.topic()));
        assertThat(json.path("partitions").findValuesAsText("partition"))
                .containsExactly(IntStream.range(0, json.path("partitions").size())
                        .mapToObj(Integer::toString)
                        .toArray(String[]::new));
        return json.path("partitions").findValues("replicas").stream()
                .map(replicas -> {
                    List<Integer> brokers = new ArrayList<>();
                    replicas.forEach(broker -> brokers.add(broker.intValue()));
                    return brokers;
                })
                .toList();
    }

    @Test
    void replicasThatAreAllInSyncAreAsTheyShouldBe() {
        found.put("tasks", Topics.on(6, THREE, THREE, TWO_IN_SYNC));
        found.put("tasks.control", Topics.on(1, List.of(2, 3, 1), List.of(3, 1), TWO_IN_SYNC));

        assertThat(findings(1, 2, 3)).isEmpty();
    }

    @Test
    void oneBrokerIsEnoughWhereThereIsNoOther() {
        found.put("tasks", Topics.with(6, Map.of("min.insync.replicas", "1")));

        assertThat(findings(1)).isEmpty();
    }

    @Test
    void aLowerFactorThanAnotherTopicsIsAFaultAndEveryPartitionKeepsTheReplicasItHas() throws Exception {
        found.put("tasks", Topics.on(3, THREE, THREE, TWO_IN_SYNC));
        found.put("tasks.dlq", Topics.on(3, List.of(2, 3), List.of(2, 3), TWO_IN_SYNC));

        Finding finding = only(1, 2, 3, 4);

        assertThat(finding.severity()).isEqualTo(Finding.Severity.FAULT);
        assertThat(finding.message())
                .startsWith("topic tasks.dlq: replication factor 2, but another of the pipeline has 3");
        assertThat(reassigned(finding)).containsExactly(List.of(2, 3, 1), List.of(2, 3, 4), List.of(2, 3, 4));
    }

    @Test
    void aSingleReplicaInAClusterIsAWarningAndOthersAreSpreadOverItsBrokers() throws Exception {
        found.put("tasks", Topics.with(4, Map.of()));

        Finding finding = only(1, 2, 3, 4);

        assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
        assertThat(finding.message()).startsWith("topic tasks: replication factor 1 in a cluster of 4 brokers");
        assertThat(reassigned(finding))
                .containsExactly(List.of(1, 2, 3), List.of(1, 2, 3), List.of(1, 3, 4), List.of(1, 4, 2));
    }

    @Test
    void twoBrokersTakeTwoReplicas() throws Exception {
        found.put("tasks", Topics.with(1, Map.of()));

        assertThat(reassigned(only(1, 2))).containsExactly(List.of(1, 2));
    }

    @Test
    void aFactorBelowTheLeastInSyncIsRaisedWhereThereAreBrokersForIt() throws Exception {
        found.put("tasks", Topics.on(1, List.of(1, 2), List.of(1, 2), Map.of("min.insync.replicas", "3")));

        Finding finding = only(1, 2, 3);

        assertThat(finding.severity()).isEqualTo(Finding.Severity.FAULT);
        assertThat(finding.message())
                .startsWith(
                        "topic tasks: replication factor 2, but min.insync.replicas is 3; brokers older than Kafka 3.7"
                                + " take no records");
        assertThat(reassigned(finding)).containsExactly(THREE);
    }

    @Test
    void elseTheLeastInSyncIsLowered() {
        found.put("tasks", Topics.with(1, TWO_IN_SYNC));

        assertThat(only(1).mend())
                .isEqualTo("kafka-configs.sh --bootstrap-server b:9092 --alter --entity-type topics --entity-name tasks"
                        + " --add-config min.insync.replicas=1");
    }

    @Test
    void tooFewInSyncIsAFaultThatNamesTheBrokersThatAreMissing() {
        found.put(
                "tasks",
                new TopicState(
                        List.of(
                                new TopicState.Partition(List.of(1, 2, 3), List.of(1)),
                                new TopicState.Partition(List.of(2, 3, 4), List.of(2, 3)),
                                new TopicState.Partition(List.of(3, 4, 1), List.of(3))),
                        TWO_IN_SYNC));

        Finding finding = only(1, 2, 3, 4);

        assertThat(finding.severity()).isEqualTo(Finding.Severity.FAULT);
        assertThat(finding.message())
                .isEqualTo(
                        "topic tasks: 2 of 3 partitions take no records now, since fewer than 2 replicas are in sync;"
                                + " start the brokers that are away or behind, of these: [1, 2, 3, 4]");
        assertThat(finding.mend()).isEqualTo("kafka-topics.sh --bootstrap-server b:9092 --describe --topic tasks");
    }

    @Test
    void theLastReplicaCountsAsInSyncOnlyWhileItsBrokerIsUp() {
        found.put("tasks", Topics.on(2, List.of(1, 3), List.of(3), Map.of("min.insync.replicas", "1")));

        assertThat(findings(1, 2, 3)).isEmpty();
        assertThat(only(1, 2).message()).contains("2 of 2 partitions take no records now", ": [1, 3]");
    }

    @Test
    void whereTheBrokerDoesNotTellTheLeastItIsOne() {
        found.put("tasks", Topics.on(2, List.of(1, 2), List.of(2), Map.of()));

        assertThat(findings(1, 2)).isEmpty();
    }
}
