package io.sluice.standalone;

import io.sluice.kafka.KafkaClients;
import io.sluice.settings.Settings;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far a pipeline's group is behind, as any Kafka tool would say it. */
final class GroupLag {
    private GroupLag() {}

    /** By partition of all topics that are read, the records that are not committed; none where there are none. */
    static Map<TopicPartition, Long> of(Settings settings) {
        Map<TopicPartition, OffsetSpec> ends = settings.topics().read().stream()
                .flatMap(topic ->
                        IntStream.range(0, TestPipeline.PARTITIONS).mapToObj(n -> new TopicPartition(topic, n)))
                .collect(Collectors.toMap(Function.identity(), each -> OffsetSpec.latest()));
        try (Admin admin = KafkaClients.admin(settings.kafka(), "lag")) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                            settings.consumer().group())
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<TopicPartition, ListOffsetsResultInfo> found =
                    admin.listOffsets(ends).all().get();
            return found.entrySet().stream()
                    .filter(end -> end.getValue().offset() > offset(committed, end.getKey()))
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, end -> end.getValue().offset() - offset(committed, end.getKey())));
        } catch (ExecutionException e) {
            throw new IllegalStateException("the group's lag is not known: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the group's lag was asked for", e);
        }
    }

    private static long offset(Map<TopicPartition, OffsetAndMetadata> committed, TopicPartition partition) {
        OffsetAndMetadata offset = committed.get(partition);
        return offset == null ? 0 : offset.offset();
    }
}
