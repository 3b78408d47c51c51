package io.sluice.consumer.engine;

import java.time.Duration;

/** Keeps a warning that comes with every record or commit from flooding the log: one in ten seconds. One thread. */
public final class Seldom {
    private static final Duration APART = Duration.ofSeconds(10);

    private final Loop clock;
    private boolean said;
    private long nextNanos;

    public Seldom(Loop clock) {
        this.clock = clock;
    }

    /** Whether it is time to say it again. */
    public boolean now() {
        if (said && clock.nanoTime() - nextNanos < 0) {
            return false;
        }
        said = true;
        nextNanos = clock.nanoTime() + APART.toNanos();
        return true;
    }
}
