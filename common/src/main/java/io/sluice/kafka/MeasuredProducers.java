package io.sluice.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the producers of one {@link RecordSender}, and has the metrics of the newest in a registry until it is closed. The
 * sender's thread; closed by any, after the sender has ended.
 */
public final class MeasuredProducers implements Supplier<Producer<byte[], byte[]>>, AutoCloseable {
    private final Supplier<? extends Producer<byte[], byte[]>> producers;
    private final MeterRegistry registry;
    private @Nullable KafkaClientMetrics newest;

    public MeasuredProducers(Supplier<? extends Producer<byte[], byte[]>> producers, MeterRegistry registry) {
        this.producers = producers;
        this.registry = registry;
    }

    @Override
    public synchronized Producer<byte[], byte[]> get() {
        close();
        Producer<byte[], byte[]> producer = producers.get();
        KafkaClientMetrics metrics = new KafkaClientMetrics(producer);
        metrics.bindTo(registry);
        newest = metrics;
        return producer;
    }

    @Override
    public synchronized void close() {
        if (newest != null) {
            newest.close();
            newest = null;
        }
    }
}
