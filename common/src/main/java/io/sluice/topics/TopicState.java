package io.sluice.topics;

import java.util.List;
import java.util.Map;

/**
 * A topic as the broker has it.
 *
 * @param partitions in their order
 * @param configs those in force, the broker's defaults included; empty when it does not tell
 */
public record TopicState(List<Partition> partitions, Map<String, String> configs) {
    public TopicState {
        partitions = List.copyOf(partitions);
        configs = Map.copyOf(configs);
    }

    /**
     * Where a partition's records are, by the numbers of brokers.
     *
     * @param replicas who is to keep it
     * @param inSync those of them that have all of it; some may be away
     */
    public record Partition(List<Integer> replicas, List<Integer> inSync) {
        public Partition {
            replicas = List.copyOf(replicas);
            inSync = List.copyOf(inSync);
        }
    }

    /** On how many brokers each of its records is kept, or is to be: the least of any partition. */
    public int replication() {
        return partitions.stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }
}
