package io.sluice.producer.submit;

import io.sluice.kafka.BootstrapServers;
import io.sluice.kafka.KafkaClients;
import io.sluice.kafka.NotLetIn;
import io.sluice.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks, before anything is sent, whether there is a broker, and the topics are there. Blocks. */
final class Destination {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String broker;
    private final Map<String, String> kafka;
    private final long endNanos;

    private Destination(Settings settings, Duration patience) {
        this.kafka = settings.kafka();
        this.broker = kafka.getOrDefault("bootstrap.servers", "(kafka.bootstrap.servers is not set)");
        this.endNanos = System.nanoTime() + patience.toNanos();
    }

    /**
     * Finds it.
     *
     * @return the id of the Kafka cluster
     * @throws IllegalStateException with one line and the remedy
     */
    static String find(Settings settings, List<String> topics) {
        return find(settings, topics, PATIENCE);
    }

    static String find(Settings settings, List<String> topics, Duration patience) {
        Destination destination = new Destination(settings, patience);
        try {
            Optional<String> silence = BootstrapServers.awaitListening(destination.broker, destination.left());
            if (silence.isPresent()) {
                throw destination.unreachable(patience, silence.get());
            }
            return destination.ask(topics, patience);
        } catch (KafkaException e) {
            throw new IllegalStateException(
                    "the Kafka settings do not work: " + rootOf(e).getMessage(), e);
        }
    }

    /** What Kafka's clients wrap it in says nothing. */
    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private String ask(List<String> topics, Duration patience) {
        Admin admin = KafkaClients.admin(kafka, "sluice-submit-check");
        try {
            Map<String, KafkaFuture<TopicDescription>> found =
                    admin.describeTopics(topics).topicNameValues();
            KafkaFuture<String> cluster = admin.describeCluster().clusterId();
            for (String topic : topics) {
                KafkaFuture<TopicDescription> description = found.get(topic);
                if (description != null) {
                    check(topic, description);
                }
            }
            return String.valueOf(answer(cluster));
        } catch (TimeoutException e) {
            throw unreachable(patience, "something listens there, but does not answer as a broker does");
        } catch (ExecutionException e) {
            String notLetIn = NotLetIn.why(broker, e.getCause());
            throw new IllegalStateException(
                    notLetIn == null ? "the broker at " + broker + " cannot be asked: " + e.getCause() : notLetIn, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the topics were looked up", e);
        } finally {
            // Without a limit it waits for the call's own time-out, which is a minute by default.
            admin.close(Duration.ZERO);
        }
    }

    private void check(String topic, KafkaFuture<TopicDescription> description)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            TopicDescription unused = answer(description);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IllegalStateException(
                        "the broker at " + broker + " has no topic " + topic
                                + "; `sluice topics create` makes the pipeline's topics",
                        e);
            }
            throw e;
        }
    }

    private <T> T answer(KafkaFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(left().toNanos(), TimeUnit.NANOSECONDS);
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    private IllegalStateException unreachable(Duration patience, String reason) {
        return new IllegalStateException("no Kafka broker answers at " + broker + " within " + patience.toSeconds()
                + " s (" + reason + "). Start one, or name another with --bootstrap");
    }
}
