package io.sluice.standalone.pipeline;

import io.sluice.kafka.KafkaClients;
import io.sluice.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics of a pipeline on a broker of our own. Blocks. */
public final class PipelineTopics {
    private static final Duration SHOWING = Duration.ofSeconds(30);

    private PipelineTopics() {}

    /** Creates those that are missing, with this many partitions each; returns when the broker shows all of them. */
    public static void create(Settings settings, int partitions) {
        List<String> names = List.of(
                settings.topics().tasks(),
                settings.topics().results(),
                settings.topics().deadLetters());
        try (Admin admin = KafkaClients.admin(settings.kafka(), "sluice-topics")) {
            names.forEach(name -> create(admin, new NewTopic(name, partitions, (short) 1)));
            awaitShown(admin, names);
        }
    }

    /** The controller has a topic before the broker shows it, and who looks in between would find it missing. */
    private static void awaitShown(Admin admin, List<String> names) {
        if (!Waiting.until(() -> areShown(admin, names), SHOWING)) {
            throw new IllegalStateException("the broker does not show the topics " + String.join(", ", names) + " "
                    + SHOWING.toSeconds() + " s after they were created");
        }
    }

    private static boolean areShown(Admin admin, List<String> names) {
        try {
            return admin.describeTopics(names).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition ->
                            partition.leader() != null && !partition.leader().isEmpty());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new IllegalStateException("the topics cannot be looked up: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were created", e);
        }
    }

    private static void create(Admin admin, NewTopic topic) {
        try {
            admin.createTopics(Set.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("topic " + topic.name() + " cannot be created: " + e.getMessage(), e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were created", e);
        }
    }
}
