package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which topics are read, and how much of them at a time. Partition n of all of them has one owner.
 *
 * @param work the topics whose tasks are handed over at once; the first one is where tasks come from
 * @param tiers the topics whose tasks rest first, and for how long
 * @param maxPollRecords how many records one poll brings at most
 */
public record Reading(List<String> work, Map<String, Duration> tiers, int maxPollRecords) {
    public Reading {
        work = List.copyOf(work);
        tiers = Map.copyOf(tiers);
    }

    /** All of them. */
    public Set<String> topics() {
        Set<String> topics = new LinkedHashSet<>(work);
        topics.addAll(tiers.keySet());
        return topics;
    }
}
