package io.sluice.standalone.containers;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The pipeline's group as any Kafka tool sees it. Blocks. */
record GroupView(Admin admin) {
    private static final String GROUP = "workers";
    private static final String TOPIC = "tasks";

    /** How many tasks are committed, of a topic whose records are all of them tasks. */
    long committed() throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        return offsets.entrySet().stream()
                .filter(offset -> offset.getKey().topic().equals(TOPIC))
                .mapToLong(offset -> offset.getValue().offset())
                .sum();
    }

    /** How many of the topic's partitions each consumer owns. */
    List<Long> owned() throws Exception {
        ConsumerGroupDescription group =
                admin.describeConsumerGroups(List.of(GROUP)).all().get().get(GROUP);
        return group == null
                ? List.of()
                : group.members().stream()
                        .map(member -> member.assignment().topicPartitions().stream()
                                .filter(partition -> partition.topic().equals(TOPIC))
                                .count())
                        .toList();
    }
}
