package io.sluice.consumer.engine;

import java.time.Duration;
import java.time.Instant;

/** The clock of lanes that are measured by themselves: time stands still, and they hand nothing over. */
final class StillLoop implements Loop {
    @Override
    public void execute(Runnable action) {
        throw new UnsupportedOperationException("lanes hand nothing over");
    }

    @Override
    public void run(Runnable action) {
        throw new UnsupportedOperationException("lanes hand nothing over");
    }

    @Override
    public Timer after(Duration delay, Runnable action) {
        throw new UnsupportedOperationException("lanes have no timers");
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }
}
