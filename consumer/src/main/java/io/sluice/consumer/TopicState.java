package io.sluice.consumer;

import java.util.Map;

/**
 * A topic as the broker has it.
 *
 * @param configs those in force, the broker's defaults included; empty when it does not tell
 */
record TopicState(int partitions, Map<String, String> configs) {
    TopicState {
        configs = Map.copyOf(configs);
    }
}
