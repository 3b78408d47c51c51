package io.sluice.topics;

import io.sluice.settings.DelayTier;
import io.sluice.settings.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What of a pipeline's topics would lose tasks or hold them up: no consumer starts on such. */
final class TopicFaults {
    /** What waits must outlive a day without consumers. */
    private static final Duration MARGIN = Duration.ofDays(1);

    private final Mending mending;
    private final TopicNames topics;
    private final Map<String, TopicState> found;
    private final Map<String, TopicPlan> plans;
    private final List<Finding> findings = new ArrayList<>();

    private TopicFaults(Mending mending, TopicNames topics, Map<String, TopicState> found) {
        this.mending = mending;
        this.topics = topics;
        this.found = found;
        this.plans = TopicPlan.alike(topics, found, PipelineTopics.DEFAULT_PARTITIONS, TopicPlan.BROKERS_OWN).stream()
                .collect(Collectors.toMap(TopicPlan::name, Function.identity()));
    }

    /** @param found those of the topics that exist */
    static List<Finding> in(Mending mending, TopicNames topics, Map<String, TopicState> found) {
        return new TopicFaults(mending, topics, found).all();
    }

    private List<Finding> all() {
        topics.all().forEach(this::existence);
        topics.read().forEach(this::partitionsOf);
        topics.delays().forEach(tier -> retentionOf(tier.topic(), tier));
        retentionOf(topics.tasks(), null);
        retentionOf(topics.overflow(), null);
        topics.all().forEach(this::cleanupOf);
        control();
        return findings;
    }

    private void existence(String name) {
        TopicState topic = found.get(name);
        if (topic == null) {
            fault(
                    name,
                    "the broker at " + mending.broker() + " has no topic $topic ('sluice topics create' makes it)",
                    mending.create(plan(name)));
        } else if (topic.configs().isEmpty()) {
            findings.add(Finding.warning(
                    name,
                    "topic $topic: whether its retention and its clean-up suit is not checked, because this client may not"
                            + " see its configs",
                    mending.allowToSeeConfigs()));
        }
    }

    private void partitionsOf(String name) {
        TopicState topic = found.get(name);
        int partitions = plan(name).partitions();
        if (topic != null && topic.partitions().size() != partitions) {
            fault(
                    name,
                    "topic $topic: " + topic.partitions().size()
                            + " partitions, but another topic that is read with it has " + partitions
                            + (name.equals(topics.tasks())
                                    ? "; drain the pipeline first, since keys move to other partitions"
                                    : ""),
                    mending.grow(partitions));
        }
    }

    private void retentionOf(String name, @Nullable DelayTier tier) {
        Duration least = tier == null ? MARGIN : tier.length().plus(MARGIN);
        String milliseconds = config(name, TopicPlan.RETENTION_MS);
        if (milliseconds != null && !isAtLeast(milliseconds, least.toMillis())) {
            String why = tier == null ? "a day without consumers" : "their rest and a day without consumers";
            badConfig(
                    name,
                    TopicPlan.RETENTION_MS,
                    "is " + milliseconds + ", but tasks must outlive " + why + ", " + least.toMillis() + " ms");
        }
        String bytes = config(name, TopicPlan.RETENTION_BYTES);
        if (bytes != null && !bytes.equals("-1")) {
            badConfig(name, TopicPlan.RETENTION_BYTES, "is " + bytes + ", so that a backlog would push tasks out");
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
                badConfig(
                        name, TopicPlan.CLEANUP_POLICY, "is '" + policy + "', so that what it says would be forgotten");
            }
        } else if (policy.contains("compact")) {
            badConfig(
                    name,
                    TopicPlan.CLEANUP_POLICY,
                    "is '" + policy + "', so that all records of a key but one would go");
        }
    }

    private void control() {
        TopicState control = found.get(topics.control());
        if (control != null && control.partitions().size() != 1) {
            fault(
                    topics.control(),
                    "topic $topic: " + control.partitions().size()
                            + " partitions, but it must have one, so that what it says has an order;"
                            + " types that are paused have to be paused again",
                    mending.replace(plan(topics.control())));
        }
    }

    private void badConfig(String name, String config, String fault) {
        fault(
                name,
                "topic $topic: " + config + " " + fault,
                mending.config(config, String.valueOf(plan(name).configs().get(config))));
    }

    private void fault(String name, String sentence, String command) {
        findings.add(Finding.fault(name, sentence, command));
    }

    private TopicPlan plan(String name) {
        return Objects.requireNonNull(plans.get(name));
    }

    private @Nullable String config(String name, String config) {
        TopicState topic = found.get(name);
        return topic == null ? null : topic.configs().get(config);
    }
}
