package io.sluice.standalone.pipeline;

import io.sluice.kafka.KafkaClients;
import io.sluice.kafka.TopicPlan;
import io.sluice.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics of a pipeline on a broker of our own. Blocks. */
public final class PipelineTopics {
    private static final Duration SHOWING = Duration.ofSeconds(30);

    private PipelineTopics() {}

    /**
     * Creates those that are missing; returns when the broker shows all of them.
     *
     * @param partitions of each, unless the topic that holds the work is there already: then as many as it has
     */
    public static void create(Settings settings, int partitions) {
        List<String> names = settings.topics().all();
        try (Admin admin = KafkaClients.admin(settings.kafka(), "sluice-topics")) {
            int count = partitionsOf(admin, settings.topics().tasks()).orElse(partitions);
            create(admin, TopicPlan.of(settings.topics(), count));
            awaitShown(admin, names);
        }
    }

    private static OptionalInt partitionsOf(Admin admin, String topic) {
        return describe(admin, List.of(topic))
                .map(topics -> topics.values().stream()
                        .mapToInt(found -> found.partitions().size())
                        .max())
                .orElse(OptionalInt.empty());
    }

    /** The controller has a topic before the broker shows it, and who looks in between would find it missing. */
    private static void awaitShown(Admin admin, List<String> names) {
        if (!Waiting.until(() -> areShown(admin, names), SHOWING)) {
            throw new IllegalStateException("the broker does not show the topics " + String.join(", ", names) + " "
                    + SHOWING.toSeconds() + " s after they were created");
        }
    }

    private static boolean areShown(Admin admin, List<String> names) {
        return describe(admin, names)
                .map(topics -> topics.values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .allMatch(partition -> partition.leader() != null
                                && !partition.leader().isEmpty()))
                .orElse(false);
    }

    /** Empty if one of them is not there. */
    private static Optional<Map<String, TopicDescription>> describe(Admin admin, List<String> names) {
        try {
            return Optional.of(admin.describeTopics(names).allTopicNames().get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw new IllegalStateException("the topics cannot be looked up: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void create(Admin admin, List<TopicPlan> plans) {
        List<NewTopic> topics = plans.stream()
                .map(plan -> new NewTopic(plan.name(), Optional.of(plan.partitions()), Optional.empty())
                        .configs(plan.configs()))
                .toList();
        admin.createTopics(topics).values().forEach(PipelineTopics::awaitCreated);
    }

    private static void awaitCreated(String name, KafkaFuture<Void> created) {
        try {
            Object unused = created.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("topic " + name + " cannot be created: " + e.getMessage(), e);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while topics were created", e);
    }
}
