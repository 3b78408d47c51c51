package io.sluice.benchmark.peer;

import io.sluice.standalone.bench.subject.Job;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one record for each record read, its key and value, with {@code acks=all} and idempotence, which are the producer's defaults. The poll
 * thread only.
 */
final class BareResults implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    BareResults(Job.Feed feed) {
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", feed.bootstrap(), "acks", "all", "enable.idempotence", "true"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.topic = feed.topic() + ".results";
    }

    void write(ConsumerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> unused =
                producer.send(new ProducerRecord<>(topic, record.key(), record.value()), (place, failed) -> {
                    if (failed != null) {
                        failure.compareAndSet(null, failed);
                    }
                });
    }

    /** Returns when all are acknowledged. */
    void await() {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("the broker did not take the results", failed);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
