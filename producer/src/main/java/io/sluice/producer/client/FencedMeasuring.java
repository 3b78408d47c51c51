package io.sluice.producer.client;

import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a listener throws from the thread that hears the acknowledgements, and says so once. Any thread. */
final class FencedMeasuring implements Measuring {
    private static final Logger log = LoggerFactory.getLogger(FencedMeasuring.class);

    private final Measuring inner;
    private volatile boolean said;

    FencedMeasuring(Measuring inner) {
        this.inner = inner;
    }

    @Override
    public void acknowledged(long nanos) {
        try {
            inner.acknowledged(nanos);
        } catch (RuntimeException | Error thrown) {
            if (!said) {
                said = true;
                log.warn("Who measures this producer has failed to, and may again", thrown);
            }
        }
    }

    @Override
    public @Nullable MeterRegistry registry() {
        return inner.registry();
    }
}
