package io.sluice.consumer;

import io.sluice.kafka.TopicPlan;
import io.sluice.settings.DelayTier;
import io.sluice.settings.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is wrong with a pipeline's topics: a line each, with the command that mends it. */
final class TopicFaults {
    private static final int DEFAULT_PARTITIONS = 12;

    /** What waits must outlive a day without consumers. */
    private static final Duration MARGIN = Duration.ofDays(1);

    private final String broker;
    private final TopicNames topics;
    private final Map<String, TopicState> found;
    private final int partitions;
    private final List<String> lines = new ArrayList<>();

    private TopicFaults(String broker, TopicNames topics, Map<String, TopicState> found) {
        this.broker = broker;
        this.topics = topics;
        this.found = found;
        this.partitions = partitions(topics, found);
    }

    /** @param found those of the topics that exist */
    static List<String> in(String broker, TopicNames topics, Map<String, TopicState> found) {
        return new TopicFaults(broker, topics, found).all();
    }

    /** The most that a topic that consumers read has: partitions can be added, but not taken away. */
    static int partitions(TopicNames topics, Map<String, TopicState> found) {
        return topics.read().stream()
                .filter(found::containsKey)
                .mapToInt(name ->
                        found.getOrDefault(name, new TopicState(0, Map.of())).partitions())
                .max()
                .orElse(DEFAULT_PARTITIONS);
    }

    private List<String> all() {
        missing();
        topics.read().forEach(this::partitionsOf);
        topics.delays().forEach(tier -> retentionOf(tier.topic(), tier));
        retentionOf(topics.tasks(), null);
        retentionOf(topics.overflow(), null);
        topics.all().forEach(this::cleanupOf);
        control();
        return lines;
    }

    private void missing() {
        Map<String, List<String>> byArguments = new LinkedHashMap<>();
        for (TopicPlan plan : TopicPlan.of(topics, partitions)) {
            if (!found.containsKey(plan.name())) {
                byArguments
                        .computeIfAbsent(plan.arguments(), arguments -> new ArrayList<>())
                        .add(plan.name());
            }
        }
        byArguments.forEach((arguments, names) -> {
            String create = "kafka-topics.sh --bootstrap-server " + broker + " " + arguments + " --topic ";
            lines.add("the broker at " + broker + " has no topic " + String.join(", ", names) + ": "
                    + (names.size() == 1
                            ? create + names.get(0)
                            : "for topic in " + String.join(" ", names) + "; do " + create + "$topic; done"));
        });
    }

    private void partitionsOf(String name) {
        TopicState topic = found.get(name);
        if (topic != null && topic.partitions() != partitions) {
            String drain =
                    name.equals(topics.tasks()) ? " (drain the pipeline first: keys move to other partitions)" : "";
            lines.add("topic " + name + " has " + topic.partitions() + " partitions, another that is read with it "
                    + partitions + ": kafka-topics.sh --bootstrap-server " + broker + " --alter --topic " + name
                    + " --partitions " + partitions + drain);
        }
    }

    private void retentionOf(String name, @Nullable DelayTier tier) {
        Duration least = tier == null ? MARGIN : tier.length().plus(MARGIN);
        String milliseconds = config(name, TopicPlan.RETENTION_MS);
        if (milliseconds != null && !isAtLeast(milliseconds, least.toMillis())) {
            String why = tier == null ? "a day without consumers" : "their rest and a day without consumers";
            alter(
                    name,
                    TopicPlan.RETENTION_MS + " is " + milliseconds + ", but tasks must outlive " + why + ", "
                            + least.toMillis() + " ms",
                    planned(name, TopicPlan.RETENTION_MS));
        }
        String bytes = config(name, TopicPlan.RETENTION_BYTES);
        if (bytes != null && !bytes.equals("-1")) {
            alter(
                    name,
                    TopicPlan.RETENTION_BYTES + " is " + bytes + ", so that a backlog would push tasks out",
                    planned(name, TopicPlan.RETENTION_BYTES));
        }
    }

    private static boolean isAtLeast(String value, long least) {
        long number = Long.parseLong(value);
        return number == -1 || number >= least;
    }

    private void cleanupOf(String name) {
        String policy = config(name, TopicPlan.CLEANUP_POLICY);
        if (policy == null) {
            return;
        }
        if (name.equals(topics.control())) {
            if (!policy.equals("compact")) {
                alter(
                        name,
                        TopicPlan.CLEANUP_POLICY + " is '" + policy + "', so that what it says would be forgotten",
                        planned(name, TopicPlan.CLEANUP_POLICY));
            }
        } else if (policy.contains("compact")) {
            alter(
                    name,
                    TopicPlan.CLEANUP_POLICY + " is '" + policy + "', so that all records of a key but one would go",
                    planned(name, TopicPlan.CLEANUP_POLICY));
        }
    }

    private void control() {
        TopicState control = found.get(topics.control());
        if (control != null && control.partitions() != 1) {
            String command = "kafka-topics.sh --bootstrap-server " + broker + " ";
            lines.add("topic " + topics.control() + " has " + control.partitions()
                    + " partitions, and must have one, so that what it says has an order: " + command
                    + "--delete --topic " + topics.control() + "; " + command
                    + plan(topics.control()).arguments() + " --topic " + topics.control());
        }
    }

    private void alter(String name, String fault, String config) {
        lines.add("topic " + name + ": " + fault + ": kafka-configs.sh --bootstrap-server " + broker
                + " --alter --entity-type topics --entity-name " + name + " --add-config " + config);
    }

    private String planned(String name, String config) {
        return config + "=" + plan(name).configs().get(config);
    }

    private TopicPlan plan(String name) {
        return TopicPlan.of(topics, partitions).stream()
                .filter(plan -> plan.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private @Nullable String config(String name, String config) {
        TopicState topic = found.get(name);
        return topic == null ? null : topic.configs().get(config);
    }
}
