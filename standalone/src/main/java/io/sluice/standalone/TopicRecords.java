package io.sluice.standalone;

import io.sluice.kafka.KafkaClients;
import io.sluice.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** The bare records of a pipeline's topics, as any Kafka client writes and sees them. Blocks. */
record TopicRecords(Settings settings) {
    private static final Duration POLL = Duration.ofMillis(200);

    void send(List<ProducerRecord<byte[], byte[]>> records) {
        try (Producer<byte[], byte[]> producer = KafkaClients.producer(settings.kafka(), "sluice-test-writer")) {
            List<Future<RecordMetadata>> sent =
                    records.stream().map(producer::send).toList();
            for (Future<RecordMetadata> acknowledgement : sent) {
                get(acknowledgement);
            }
        }
    }

    /** All that the topic holds now, each partition in its order. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        try (Consumer<byte[], byte[]> reader = KafkaClients.reader(settings.kafka(), "sluice-test-reader")) {
            List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(partition -> reader.position(partition) < ends.getOrDefault(partition, 0L))) {
                reader.poll(POLL).forEach(records::add);
            }
            return records;
        }
    }

    /** Deletes the topics, and the group, which must have no members any more. */
    void delete() {
        try (Admin admin = KafkaClients.admin(settings.kafka(), "sluice-test-end")) {
            get(admin.deleteTopics(settings.topics().all())
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture());
            // A pipeline that never had a consumer has no group either.
            var unused = admin.deleteConsumerGroups(List.of(settings.consumer().group()));
        }
    }

    private static <T> void get(Future<T> future) {
        try {
            T unused = future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker refused: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker was asked", e);
        }
    }
}
