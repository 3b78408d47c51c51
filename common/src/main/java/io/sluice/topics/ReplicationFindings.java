package io.sluice.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How safe what the topics hold is, and whether they take more now.
 *
 * <p>None of it keeps a consumer from starting. Replicas that are away come back, and until then a write waits. A factor below
 * min.insync.replicas stops no write either since Kafka 3.7, which asks for no more replicas than there are (KAFKA-15583).
 */
final class ReplicationFindings {
    private static final String LEAST_IN_SYNC = "min.insync.replicas";

    /** What most clusters have: one broker may be away, and another one fail meanwhile. */
    private static final int USUAL = 3;

    private final Mending mending;
    private final List<Integer> brokers;
    private final int highest;
    private final List<Finding> findings = new ArrayList<>();

    private ReplicationFindings(Mending mending, Map<String, TopicState> found, List<Integer> brokers) {
        this.mending = mending;
        this.brokers = brokers;
        this.highest =
                found.values().stream().mapToInt(TopicState::replication).max().orElse(0);
    }

    /** @param brokers those that are up */
    static List<Finding> in(Mending mending, Map<String, TopicState> found, List<Integer> brokers) {
        ReplicationFindings all = new ReplicationFindings(mending, found, brokers);
        found.forEach(all::factorOf);
        found.forEach(all::leastOf);
        found.forEach(all::inSyncOf);
        return all.findings;
    }

    private void factorOf(String name, TopicState topic) {
        if (topic.replication() < highest) {
            findings.add(Finding.fault(
                    name,
                    "topic $topic: replication factor " + topic.replication() + ", but another of the pipeline has "
                            + highest + "; what is lost with the brokers of one is lost to all",
                    mending.replicate(name, topic, highest, brokers)));
        } else if (topic.replication() == 1 && brokers.size() > 1) {
            findings.add(Finding.warning(
                    name,
                    "topic $topic: replication factor 1 in a cluster of " + brokers.size()
                            + " brokers; what it holds is lost with a broker's disk",
                    mending.replicate(name, topic, Math.min(USUAL, brokers.size()), brokers)));
        }
    }

    private void leastOf(String name, TopicState topic) {
        int least = leastInSync(topic);
        if (topic.replication() < least) {
            findings.add(Finding.fault(
                    name,
                    "topic $topic: replication factor " + topic.replication() + ", but " + LEAST_IN_SYNC + " is "
                            + least
                            + "; brokers older than Kafka 3.7 take no records, newer ones keep fewer copies than that",
                    brokers.size() < least
                            ? mending.config(LEAST_IN_SYNC, Integer.toString(topic.replication()))
                            : mending.replicate(name, topic, Math.max(least, highest), brokers)));
        }
    }

    private void inSyncOf(String name, TopicState topic) {
        int least = Math.min(leastInSync(topic), topic.replication());
        int refusing = 0;
        Set<Integer> missing = new TreeSet<>();
        for (TopicState.Partition partition : topic.partitions()) {
            Set<Integer> inSync = new TreeSet<>(partition.inSync());
            // The last one in sync stays so when it goes, too.
            inSync.retainAll(brokers);
            if (inSync.size() < least) {
                refusing++;
                partition.replicas().stream()
                        .filter(broker -> !inSync.contains(broker))
                        .forEach(missing::add);
            }
        }
        if (refusing > 0) {
            findings.add(Finding.fault(
                    name,
                    "topic $topic: " + refusing + " of " + topic.partitions().size()
                            + " partitions take no records now, since fewer than " + least
                            + " replicas are in sync; start the brokers that are away or behind, of these: " + missing,
                    mending.show()));
        }
    }

    private static int leastInSync(TopicState topic) {
        return Integer.parseInt(topic.configs().getOrDefault(LEAST_IN_SYNC, "1"));
    }
}
