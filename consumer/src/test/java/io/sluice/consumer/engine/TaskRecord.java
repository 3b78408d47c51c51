package io.sluice.consumer.engine;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Writes the records that tests feed: by default a task of type {@code work} without a key. */
final class TaskRecord {
    private final int partition;
    private final long offset;
    private final RecordHeaders headers = new RecordHeaders();
    private String topic = TestSettings.TOPIC;
    private long timestamp;
    private @Nullable String key;
    private byte @Nullable [] value = bytes("{}");

    private TaskRecord(int partition, long offset) {
        this.partition = partition;
        this.offset = offset;
    }

    static TaskRecord at(long offset) {
        return at(0, offset);
    }

    static TaskRecord at(int partition, long offset) {
        return new TaskRecord(partition, offset);
    }

    TaskRecord key(@Nullable String name) {
        key = name;
        return this;
    }

    TaskRecord topic(String name) {
        topic = name;
        return this;
    }

    TaskRecord writtenAt(Instant time) {
        timestamp = time.toEpochMilli();
        return this;
    }

    TaskRecord type(String type) {
        return header("ce_type", type);
    }

    TaskRecord value(@Nullable String text) {
        value = text == null ? null : bytes(text);
        return this;
    }

    TaskRecord notBefore(Instant due) {
        return header("ce_notbefore", due.toString());
    }

    TaskRecord expiry(Instant end) {
        return header("ce_expirytime", end.toString());
    }

    TaskRecord header(String name, String text) {
        headers.add(name, bytes(text));
        return this;
    }

    ConsumerRecord<byte[], byte[]> build() {
        byte[] keyBytes = key == null ? null : bytes(key);
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                keyBytes == null ? -1 : keyBytes.length,
                value == null ? -1 : value.length,
                keyBytes,
                value,
                headers,
                Optional.of(7));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
