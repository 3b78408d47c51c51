package io.sluice.topics;

import io.sluice.settings.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A topic as it is to be created.
 *
 * <p>What consumers read is kept for a week: longer than any task rests in it, and long enough for a pipeline that is down
 * over a holiday. Not for ever, because Kafka keeps what is done as well as what is not, and the disk would fill. Dead
 * letters are kept for a month: they wait for people.
 *
 * @param replication on how many brokers, or {@link #BROKERS_OWN}
 * @param configs Kafka's topic configs, where the broker's own defaults will not do
 */
record TopicPlan(String name, int partitions, int replication, Map<String, String> configs) {
    static final String RETENTION_MS = "retention.ms";
    static final String RETENTION_BYTES = "retention.bytes";
    static final String CLEANUP_POLICY = "cleanup.policy";

    /** Kafka's way to say: as many brokers as is the broker's default. */
    static final int BROKERS_OWN = -1;

    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);

    TopicPlan {
        configs = Map.copyOf(configs);
    }

    /**
     * All topics of a pipeline.
     *
     * @param partitions of each but the control topic, which has one
     */
    static List<TopicPlan> of(TopicNames topics, int partitions, int replication) {
        return topics.all().stream()
                .map(name -> of(topics, name, partitions, replication))
                .toList();
    }

    private static TopicPlan of(TopicNames topics, String name, int partitions, int replication) {
        if (name.equals(topics.control())) {
            return new TopicPlan(name, 1, replication, Map.of(CLEANUP_POLICY, "compact"));
        }
        Duration kept = name.equals(topics.deadLetters()) ? MONTH : WEEK;
        return new TopicPlan(
                name,
                partitions,
                replication,
                Map.of(CLEANUP_POLICY, "delete", RETENTION_MS, Long.toString(kept.toMillis()), RETENTION_BYTES, "-1"));
    }

    /**
     * All topics of a pipeline, alike those that exist: as many partitions as the one of them has that has most, since
     * partitions can be added, but not taken away; and on as many brokers.
     *
     * @param partitions if none of those that consumers read exists
     * @param replication unless it is {@link #BROKERS_OWN}, over that of those that exist
     */
    static List<TopicPlan> alike(TopicNames topics, Map<String, TopicState> found, int partitions, int replication) {
        int most = topics.read().stream()
                .flatMap(name -> Stream.ofNullable(found.get(name)))
                .mapToInt(topic -> topic.partitions().size())
                .max()
                .orElse(partitions);
        int highest =
                found.values().stream().mapToInt(TopicState::replication).max().orElse(BROKERS_OWN);
        return of(topics, most, replication == BROKERS_OWN ? highest : replication);
    }

    /** The arguments of {@code kafka-topics.sh} that create it, but for its name. */
    String arguments() {
        return "--create --partitions " + partitions
                + (replication == BROKERS_OWN ? "" : " --replication-factor " + replication)
                + new TreeMap<>(configs)
                        .entrySet().stream()
                                .map(config -> " --config " + config.getKey() + "=" + config.getValue())
                                .collect(Collectors.joining());
    }
}
