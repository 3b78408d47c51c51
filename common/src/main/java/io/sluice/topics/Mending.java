package io.sluice.topics;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The commands of Kafka's own that change the topic of a {@link Finding} at this broker.
 *
 * @param secured whether a client has to say more than where the broker is; what it has to say, it reads from a file
 */
record Mending(String broker, boolean secured) {
    private static final String TOPIC = " --topic " + Finding.TOPIC;

    String create(TopicPlan plan) {
        return topics() + plan.arguments() + TOPIC;
    }

    String replace(TopicPlan plan) {
        return topics() + "--delete" + TOPIC + "; " + create(plan);
    }

    String grow(int partitions) {
        return topics() + "--alter" + TOPIC + " --partitions " + partitions;
    }

    String config(String config, String value) {
        return "kafka-configs.sh " + server() + " --alter --entity-type topics --entity-name " + Finding.TOPIC
                + " --add-config " + config + "=" + value;
    }

    /** Shows what is wrong: only brokers that come back mend it. */
    String show() {
        return topics() + "--describe" + TOPIC;
    }

    String allowToSeeConfigs() {
        return "kafka-acls.sh " + server() + " --add --operation DescribeConfigs" + TOPIC
                + " --allow-principal User:NAME";
    }

    /**
     * Keeps the replicas that there are, so that no more is copied than has to be, and adds brokers in turn.
     *
     * @param name in the command itself, since every topic has replicas of its own
     */
    String replicate(String name, TopicState topic, int replication, List<Integer> brokers) {
        String partitions = IntStream.range(0, topic.partitions().size())
                .mapToObj(partition -> "{\"topic\":\"" + name + "\",\"partition\":" + partition
                        + ",\"replicas\":"
                        + replicas(topic.partitions().get(partition).replicas(), partition, replication, brokers)
                        + "}")
                .collect(Collectors.joining(","));
        return "echo '{\"version\":1,\"partitions\":[" + partitions
                + "]}' | kafka-reassign-partitions.sh " + server()
                + " --execute --reassignment-json-file /dev/stdin";
    }

    private static String replicas(List<Integer> now, int partition, int replication, List<Integer> brokers) {
        IntStream others = IntStream.range(0, brokers.size())
                .map(turn -> brokers.get((partition + turn) % brokers.size()))
                .filter(broker -> !now.contains(broker))
                .limit(Math.max(0, replication - now.size()));
        return IntStream.concat(now.stream().mapToInt(Integer::intValue), others)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private String server() {
        return "--bootstrap-server " + broker + (secured ? " --command-config client.properties" : "");
    }

    private String topics() {
        return "kafka-topics.sh " + server() + " ";
    }
}
