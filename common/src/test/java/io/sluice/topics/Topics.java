package io.sluice.topics;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Topics as a broker may have them. */
final class Topics {
    private Topics() {}

    /** On broker 1 alone. */
    static TopicState with(int partitions, Map<String, String> configs) {
        return on(partitions, List.of(1), List.of(1), configs);
    }

    static TopicState on(int partitions, List<Integer> replicas, List<Integer> inSync, Map<String, String> configs) {
        return new TopicState(Collections.nCopies(partitions, new TopicState.Partition(replicas, inSync)), configs);
    }
}
