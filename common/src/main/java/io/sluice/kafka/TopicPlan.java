package io.sluice.kafka;

import io.sluice.settings.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A topic as it is to be created.
 *
 * <p>What consumers read is kept for a week: longer than any task rests in it, and long enough for a pipeline that is down
 * over a holiday. Not for ever, because Kafka keeps what is done as well as what is not, and the disk would fill. Dead
 * letters are kept for a month: they wait for people.
 *
 * @param configs Kafka's topic configs, where the broker's own defaults will not do
 */
public record TopicPlan(String name, int partitions, Map<String, String> configs) {
    public static final String RETENTION_MS = "retention.ms";
    public static final String RETENTION_BYTES = "retention.bytes";
    public static final String CLEANUP_POLICY = "cleanup.policy";

    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MONTH = Duration.ofDays(30);

    public TopicPlan {
        configs = Map.copyOf(configs);
    }

    /**
     * All topics of a pipeline.
     *
     * @param partitions of each but the control topic, which has one
     */
    public static List<TopicPlan> of(TopicNames topics, int partitions) {
        return topics.all().stream().map(name -> of(topics, name, partitions)).toList();
    }

    private static TopicPlan of(TopicNames topics, String name, int partitions) {
        if (name.equals(topics.control())) {
            return new TopicPlan(name, 1, Map.of(CLEANUP_POLICY, "compact"));
        }
        Duration kept = name.equals(topics.deadLetters()) ? MONTH : WEEK;
        return new TopicPlan(
                name,
                partitions,
                Map.of(CLEANUP_POLICY, "delete", RETENTION_MS, Long.toString(kept.toMillis()), RETENTION_BYTES, "-1"));
    }

    /** The arguments of {@code kafka-topics.sh} that create it, but for its name. */
    public String arguments() {
        return "--create --partitions " + partitions
                + new TreeMap<>(configs)
                        .entrySet().stream()
                                .map(config -> " --config " + config.getKey() + "=" + config.getValue())
                                .collect(Collectors.joining());
    }
}
