package io.sluice.consumer;

import io.sluice.kafka.KafkaClients;
import io.sluice.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks, before anything is read, whether the broker answers and has the pipeline's topics, and its group, as they must be. Blocks. */
final class TopicCheck {
    private static final Logger log = LoggerFactory.getLogger(TopicCheck.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private TopicCheck() {}

    /**
     * Checks them all.
     *
     * @return how many partitions each of the topics has that consumers read
     * @throws ConsumerFailed with a line for each fault, and the command that mends it
     */
    static int run(Settings settings) {
        return run(settings, PATIENCE);
    }

    static int run(Settings settings, Duration patience) {
        String broker = settings.kafka().getOrDefault("bootstrap.servers", "(kafka.bootstrap.servers is not set)");
        try {
            Map<String, TopicState> found = look(broker, settings, patience);
            // What only these clients check: better refused now than by every write.
            KafkaClients.producer(settings.kafka(), "sluice-check").close(Duration.ZERO);
            KafkaClients.reader(settings.kafka(), "sluice-check").close();
            return TopicFaults.partitions(settings.topics(), found);
        } catch (TimeoutException e) {
            throw new ConsumerFailed(unreachable(broker, patience), e);
        } catch (ExecutionException e) {
            boolean refused =
                    e.getCause() instanceof AuthorizationException || e.getCause() instanceof AuthenticationException;
            throw new ConsumerFailed(
                    (refused ? "the broker at " + broker + " refuses this client" : unreachable(broker, patience))
                            + " (" + e.getCause() + ")",
                    e);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ConsumerFailed("the Kafka settings do not work: " + cause.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConsumerFailed("interrupted while the topics were looked up", e);
        }
    }

    private static Map<String, TopicState> look(String broker, Settings settings, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        Admin admin = KafkaClients.admin(settings.kafka(), "sluice-check");
        try {
            Map<String, TopicState> found =
                    look(admin, settings.topics().all(), System.nanoTime() + patience.toNanos());
            List<String> faults = new ArrayList<>(TopicFaults.in(broker, settings.topics(), found));
            SessionCheck.fault(admin, settings, patience).ifPresent(faults::add);
            if (!faults.isEmpty()) {
                throw new ConsumerFailed(String.join("\n", faults), null);
            }
            return found;
        } finally {
            // Without a limit it waits for the call's own time-out, which is a minute by default.
            admin.close(Duration.ZERO);
        }
    }

    static Map<String, TopicState> look(Admin admin, List<String> names, long endNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, Integer> partitions = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
                admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                partitions.put(
                        topic.getKey(),
                        get(topic.getValue(), endNanos).partitions().size());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        Map<String, Map<String, String>> configs =
                configs(admin, partitions.keySet().stream().toList(), endNanos);
        Map<String, TopicState> found = new HashMap<>();
        partitions.forEach((name, count) ->
                found.put(name, new TopicState(count, configs.getOrDefault(name, Map.of()))));
        return found;
    }

    /** A client that may read and write need not be one that may look at configs. */
    private static Map<String, Map<String, String>> configs(Admin admin, List<String> names, long endNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, Map<String, String>> configs = new HashMap<>();
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> topic :
                admin.describeConfigs(resources).values().entrySet()) {
            try {
                configs.put(topic.getKey().name(), values(get(topic.getValue(), endNanos)));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof AuthorizationException)) {
                    throw e;
                }
                log.warn(
                        "Whether the retention of topic {} suits is not checked, because this client may not see its configs",
                        topic.getKey().name());
            }
        }
        return configs;
    }

    private static Map<String, String> values(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private static <T> T get(KafkaFuture<T> future, long endNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private static String unreachable(String broker, Duration patience) {
        return "no Kafka broker answers at " + broker + " within " + patience.toSeconds()
                + " s. Start one, or set kafka.bootstrap.servers";
    }
}
