package io.sluice.producer.client;

import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** Who measures a client. What it throws is logged, and goes no further. */
public interface Measuring {
    /** Nobody does. */
    Measuring NOTHING = new Measuring() {
        @Override
        public void acknowledged(long nanos) {}

        @Override
        public @Nullable MeterRegistry registry() {
            return null;
        }
    };

    /**
     * The broker has acknowledged a task this long after it was taken. Called on a thread of the sender's, when whoever sent
     * the task has been told.
     */
    void acknowledged(long nanos);

    /** Where the metrics of the Kafka producer go; null for nowhere. */
    @Nullable
    MeterRegistry registry();
}
