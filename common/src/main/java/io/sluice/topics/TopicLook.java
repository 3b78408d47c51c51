package io.sluice.topics;

import java.util.HashMap;
import java.util.LinkedHashMap;
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
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks a broker what it has. Blocks.
 *
 * @param endNanos when to give up, in {@link System#nanoTime}
 */
record TopicLook(Admin admin, long endNanos) {
    /** Those of the topics that exist, in the order of their names here. */
    Map<String, TopicState> topics(List<String> names)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, List<TopicState.Partition>> partitions = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
                admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                partitions.put(topic.getKey(), partitions(get(topic.getValue())));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        Map<String, Map<String, String>> configs =
                configs(partitions.keySet().stream().toList());
        Map<String, TopicState> found = new LinkedHashMap<>();
        for (String name : names) {
            List<TopicState.Partition> own = partitions.get(name);
            if (own != null) {
                found.put(name, new TopicState(own, configs.getOrDefault(name, Map.of())));
            }
        }
        return found;
    }

    /** The brokers that are up, by their numbers. */
    List<Integer> brokers() throws InterruptedException, ExecutionException, TimeoutException {
        return get(admin.describeCluster().nodes()).stream()
                .map(Node::id)
                .sorted()
                .toList();
    }

    private static List<TopicState.Partition> partitions(TopicDescription topic) {
        return topic.partitions().stream()
                .map(partition -> new TopicState.Partition(ids(partition.replicas()), ids(partition.isr())))
                .toList();
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    /** A client that may read and write need not be one that may look at configs. */
    private Map<String, Map<String, String>> configs(List<String> names)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, Map<String, String>> configs = new HashMap<>();
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> topic :
                admin.describeConfigs(resources).values().entrySet()) {
            try {
                configs.put(topic.getKey().name(), values(get(topic.getValue())));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof AuthorizationException)) {
                    throw e;
                }
            }
        }
        return configs;
    }

    private static Map<String, String> values(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private <T> T get(KafkaFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
}
