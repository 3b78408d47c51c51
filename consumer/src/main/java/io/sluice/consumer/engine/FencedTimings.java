package io.sluice.consumer.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a listener throws from whoever tells it something. One thread. */
final class FencedTimings implements Timings {
    private static final Logger log = LoggerFactory.getLogger(FencedTimings.class);

    private final Timings inner;
    private final Seldom warnings;

    private FencedTimings(Timings inner, Loop clock) {
        this.inner = inner;
        this.warnings = new Seldom(clock);
    }

    /** Nobody who listens costs nothing. */
    static Timings around(Timings inner, Loop clock) {
        return inner == NONE ? NONE : new FencedTimings(inner, clock);
    }

    @Override
    public void queued(String type, long nanos) {
        tell(() -> inner.queued(type, nanos));
    }

    @Override
    public void ran(String type, long nanos) {
        tell(() -> inner.ran(type, nanos));
    }

    @Override
    public void committed(long nanos) {
        tell(() -> inner.committed(nanos));
    }

    @Override
    public void handedOver(long nanos) {
        tell(() -> inner.handedOver(nanos));
    }

    @Override
    public void polled(long nanos) {
        tell(() -> inner.polled(nanos));
    }

    private void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException | Error thrown) {
            if (warnings.now()) {
                log.warn("Who measures this consumer has failed to: {}", thrown.toString());
            }
        }
    }
}
