package io.sluice.consumer.engine;

import io.sluice.settings.DelayTier;
import io.sluice.settings.TopicNames;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which topics are read, and how much of them at a time. Partition n of all of them has one owner.
 *
 * @param work the topics whose tasks are handed over at once; the first one is where tasks come from
 * @param tiers the topics whose tasks rest first, and for how long
 * @param maxPollRecords how many records one poll brings at most
 * @param fetchMaxWait how long a broker that has nothing new keeps a fetch waiting at most
 */
public record Reading(List<String> work, Map<String, Duration> tiers, int maxPollRecords, Duration fetchMaxWait) {
    public Reading {
        work = List.copyOf(work);
        tiers = Collections.unmodifiableMap(new LinkedHashMap<>(tiers));
    }

    /** What a pipeline's consumer reads. */
    public static Reading of(TopicNames topics, int maxPollRecords, Duration fetchMaxWait) {
        return new Reading(
                List.of(topics.tasks(), topics.overflow()),
                topics.delays().stream().collect(Collectors.toMap(DelayTier::topic, DelayTier::length)),
                maxPollRecords,
                fetchMaxWait);
    }

    /** All of them. */
    public Set<String> topics() {
        Set<String> topics = new LinkedHashSet<>(work);
        topics.addAll(tiers.keySet());
        return topics;
    }
}
