package io.sluice.record;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A task to be put on a topic.
 *
 * @param key names the resource whose limit the task counts against; null for none
 * @param payload JSON
 * @param notBefore when it is due; null means at once
 * @param expiry from when on it must not start any more; null means never
 */
public record NewTask(
        String id,
        String type,
        @Nullable String key,
        byte[] payload,
        @Nullable Instant notBefore,
        @Nullable Instant expiry) {
    /** A task that is due at once and never expires. */
    public static NewTask of(String id, String type, @Nullable String key, byte[] payload) {
        return new NewTask(id, type, key, payload, null, null);
    }

    /**
     * The record, a CloudEvent in binary mode; Kafka's own partitioner places it by the murmur2 hash of the key.
     *
     * @param source {@code ce_source}: who sends it
     * @param trace the W3C trace context that it continues, or null
     */
    public ProducerRecord<byte[], byte[]> toRecord(String topic, String source, @Nullable TraceContext trace) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, key == null ? null : key.getBytes(StandardCharsets.UTF_8), payload);
        Headers headers = record.headers();
        headers.add(HeaderNames.VERSION_1);
        add(headers, HeaderNames.ID, id);
        add(headers, HeaderNames.TYPE, type);
        add(headers, HeaderNames.SOURCE, source);
        headers.add(HeaderNames.JSON);
        add(headers, HeaderNames.NOT_BEFORE, notBefore == null ? null : notBefore.toString());
        add(headers, HeaderNames.EXPIRY_TIME, expiry == null ? null : expiry.toString());
        if (trace != null) {
            trace.addTo(headers);
        }
        return record;
    }

    /** To a record that has none of that name yet: to look for one would take as long as all the rest. */
    private static void add(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, HeaderNames.bytes(value));
        }
    }
}
