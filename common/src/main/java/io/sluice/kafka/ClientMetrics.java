package io.sluice.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a Kafka client measures of itself, for as long as it is the one in use. Any thread. */
public final class ClientMetrics implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClientMetrics.class);

    private final MeterRegistry registry;
    private @Nullable KafkaClientMetrics bound;
    private boolean closed;

    public ClientMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Measures the client, instead of the one before it. */
    public void watch(Consumer<?, ?> client) {
        bind(new KafkaClientMetrics(client));
    }

    /** Measures the client, instead of the one before it. */
    public void watch(Producer<?, ?> client) {
        bind(new KafkaClientMetrics(client));
    }

    private synchronized void bind(KafkaClientMetrics metrics) {
        unbind();
        if (closed) {
            metrics.close();
            return;
        }
        bound = metrics;
        try {
            metrics.bindTo(registry);
        } catch (RuntimeException e) {
            log.warn("A Kafka client's own metrics cannot be had: {}", e.toString());
        }
    }

    private void unbind() {
        if (bound != null) {
            bound.close();
            bound = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        unbind();
    }
}
