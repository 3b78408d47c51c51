package io.sluice.consumer.engine;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Where the records go that a task owes. */
@FunctionalInterface
public interface Sink {
    /** Takes a record without blocking. Any thread. */
    void send(ProducerRecord<byte[], byte[]> record, Ack ack);

    /** Hears, once and on any thread, that the broker has acknowledged the record, or why it has not. */
    @FunctionalInterface
    interface Ack {
        void done(@Nullable Exception failure);
    }
}
