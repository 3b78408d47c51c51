package io.sluice.standalone.pipeline;

import io.sluice.cli.Waiting;
import io.sluice.kafka.KafkaClients;
import io.sluice.kafka.TopicPlan;
import io.sluice.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics of a pipeline on a broker of our own. Blocks. */
public final class PipelineTopics {
    private static final Duration STARTING = Duration.ofSeconds(30);

    private PipelineTopics() {}

    /**
     * Creates those that are missing; returns when the broker takes and gives records of every partition of all.
     *
     * @param partitions of each, unless the topic that holds the work is there already: then as many as it has
     */
    public static void create(Settings settings, int partitions) {
        List<String> names = settings.topics().all();
        try (Admin admin = KafkaClients.admin(settings.kafka(), "sluice-topics")) {
            int count = partitionsOf(admin, settings.topics().tasks()).orElse(partitions);
            create(admin, TopicPlan.of(settings.topics(), count));
            awaitReady(admin, names);
        }
    }

    private static OptionalInt partitionsOf(Admin admin, String topic) {
        return describe(admin, List.of(topic))
                .map(topics -> topics.values().stream()
                        .mapToInt(found -> found.partitions().size())
                        .max())
                .orElse(OptionalInt.empty());
    }

    /**
     * The controller has a topic before the broker shows it, and the broker shows it before it takes records for every
     * partition. In that moment an idempotent producer with several requests in flight can have its first batch refused
     * and its second taken; then it is stuck in that partition until its delivery timeout (KAFKA-14359).
     */
    private static void awaitReady(Admin admin, List<String> names) {
        if (!Waiting.until(() -> areReady(admin, names), STARTING)) {
            throw new IllegalStateException("the broker is not ready for the topics " + String.join(", ", names) + " "
                    + STARTING.toSeconds() + " s after they were created");
        }
    }

    private static boolean areReady(Admin admin, List<String> names) {
        return describe(admin, names)
                .map(topics -> topics.values().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                .flatMap(ends -> answer(admin.listOffsets(ends).all()))
                .isPresent();
    }

    /** Empty if one of them is not there. */
    private static Optional<Map<String, TopicDescription>> describe(Admin admin, List<String> names) {
        return answer(admin.describeTopics(names).allTopicNames());
    }

    /** Empty if something that was asked about is not there, or not yet. */
    private static <T> Optional<T> answer(KafkaFuture<T> asked) {
        try {
            return Optional.of(asked.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidMetadataException) {
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
