package io.sluice.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Records as a consumer would meet them: on partition 2 at offset 7 of the topic {@code tasks}. */
final class Records {
    static final long TIMESTAMP = 1_790_000_000_000L;

    private Records() {}

    static ConsumerRecord<byte[], byte[]> consumed(@Nullable String value, String... headerNamesAndValues) {
        Headers headers = new RecordHeaders();
        for (int i = 0; i < headerNamesAndValues.length; i += 2) {
            headers.add(headerNamesAndValues[i], headerNamesAndValues[i + 1].getBytes(UTF_8));
        }
        return consumed("tasks", "example.org".getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8), headers);
    }

    static ConsumerRecord<byte[], byte[]> written(ProducerRecord<byte[], byte[]> produced) {
        return consumed(produced.topic(), produced.key(), produced.value(), produced.headers());
    }

    /** Kafka itself hands over null keys and values, which its types do not say. */
    @SuppressWarnings("NullAway")
    private static ConsumerRecord<byte[], byte[]> consumed(
            String topic, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return new ConsumerRecord<>(
                topic, 2, 7, TIMESTAMP, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }

    static @Nullable String header(ProducerRecord<byte[], byte[]> record, String name) {
        return HeaderNames.text(record.headers(), name);
    }
}
