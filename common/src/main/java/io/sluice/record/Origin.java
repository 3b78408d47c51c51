package io.sluice.record;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where a task was first: the record that its producer wrote, of which there may be copies since.
 *
 * @param topic the topic's name
 * @param partition from 0
 * @param offset from 0
 * @param timestamp of the original, in milliseconds since 1970; {@link ConsumerRecord#NO_TIMESTAMP} when it is not known
 */
public record Origin(String topic, int partition, long offset, long timestamp) {
    /** Whether that is the id of a task which was given none: {@code topic-partition-offset}. */
    public boolean isDefaultId(String id) {
        return id.startsWith(topic) && id.equals(topic + "-" + partition + "-" + offset);
    }

    static Origin of(ConsumerRecord<byte[], byte[]> record) {
        return new Origin(record.topic(), record.partition(), record.offset(), record.timestamp());
    }
}
