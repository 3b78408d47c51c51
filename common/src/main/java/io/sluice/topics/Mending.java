package io.sluice.topics;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The commands of Kafka's own that change the topic of a {@link Finding} at this broker. */
record Mending(String broker) {
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
        return "kafka-configs.sh --bootstrap-server " + broker + " --alter --entity-type topics --entity-name "
                + Finding.TOPIC + " --add-config " + config + "=" + value;
    }

    /** Shows what is wrong: only brokers that come back mend it. */
    String show() {
        return topics() + "--describe" + TOPIC;
    }

    String allowToSeeConfigs() {
        return "kafka-acls.sh --bootstrap-server " + broker + " --add --operation DescribeConfigs" + TOPIC
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
                + "]}' | kafka-reassign-partitions.sh --bootstrap-server " + broker
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

    private String topics() {
        return "kafka-topics.sh --bootstrap-server " + broker + " ";
    }
}
