package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What has been given back, and is perhaps still in the client's assignment, which it changes behind the callback. That is
 * believed for a while: a partition that is there for longer has come back without a callback. Poll thread only.
 */
final class Leaving {
    private static final Duration BELIEVED = Duration.ofSeconds(10);

    private final Loop clock;
    private final Map<TopicPartition, Long> untilNanos = new HashMap<>();

    Leaving(Loop clock) {
        this.clock = clock;
    }

    /** They have been given back. To be said when the callback ends: it can take longer than that is believed. */
    void add(Collection<TopicPartition> ids) {
        long until = clock.nanoTime() + BELIEVED.toNanos();
        ids.forEach(id -> untilNanos.put(id, until));
    }

    /** They have come back. */
    void remove(Collection<TopicPartition> ids) {
        untilNanos.keySet().removeAll(Set.copyOf(ids));
    }

    /** Forgets those that have gone, or have been there for too long. */
    void look(Set<TopicPartition> assigned) {
        untilNanos
                .entrySet()
                .removeIf(
                        leaving -> !assigned.contains(leaving.getKey()) || leaving.getValue() - clock.nanoTime() <= 0);
    }

    boolean contains(TopicPartition id) {
        return untilNanos.containsKey(id);
    }
}
