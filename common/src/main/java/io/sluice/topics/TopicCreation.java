package io.sluice.topics;

import io.sluice.cli.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
import org.jspecify.annotations.Nullable;

/** Makes topics. Blocks. */
record TopicCreation(Admin admin) {
    private static final Duration STARTING = Duration.ofSeconds(30);

    void create(List<TopicPlan> plans) {
        List<NewTopic> topics = plans.stream()
                .map(plan -> new NewTopic(plan.name(), plan.partitions(), (short) plan.replication())
                        .configs(plan.configs()))
                .toList();
        Map<String, KafkaFuture<Void>> created = admin.createTopics(topics).values();
        plans.forEach(plan -> awaitCreated(plan.name(), Objects.requireNonNull(created.get(plan.name()))));
    }

    private static void awaitCreated(String name, KafkaFuture<Void> created) {
        try {
            Object unused = created.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new TopicsFailed("topic " + name + " cannot be created: " + reason(e), e);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * The controller has a topic before the broker shows it, and the broker shows it before it takes records for every
     * partition. In that moment an idempotent producer with several requests in flight can have its first batch refused
     * and its second taken; then it is stuck in that partition until its delivery timeout (KAFKA-14359).
     */
    void awaitReady(List<String> names) {
        if (!Waiting.until(() -> areReady(names), STARTING)) {
            throw new TopicsFailed(
                    "the broker is not ready for the topics " + String.join(", ", names) + " " + STARTING.toSeconds()
                            + " s after they were created",
                    null);
        }
    }

    private boolean areReady(List<String> names) {
        return answer(admin.describeTopics(names).allTopicNames())
                .map(TopicCreation::ends)
                .flatMap(ends -> answer(admin.listOffsets(ends).all()))
                .isPresent();
    }

    private static Map<TopicPartition, OffsetSpec> ends(Map<String, TopicDescription> topics) {
        return topics.values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    }

    /** Empty if something that was asked about is not there, or not yet. */
    private static <T> Optional<T> answer(KafkaFuture<T> asked) {
        try {
            return Optional.of(asked.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidMetadataException) {
                return Optional.empty();
            }
            throw new TopicsFailed("the topics cannot be looked up: " + reason(e), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static @Nullable String reason(ExecutionException e) {
        return (e.getCause() == null ? e : e.getCause()).getMessage();
    }

    private static TopicsFailed interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new TopicsFailed("interrupted while topics were created", e);
    }
}
