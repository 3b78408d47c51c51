package io.sluice.consumer.engine;

import java.time.Duration;
import java.time.Instant;

/** The one thread that owns all state between poll and settle, and its clock: in production a verticle's context. */
public interface Loop {
    /** Runs the action on the loop, after what was handed over before. Any thread. */
    void execute(Runnable action);

    /** Runs the action at once if the caller is on the loop, else like {@link #execute}. Any thread. */
    void run(Runnable action);

    /** Runs the action on the loop after the delay. Loop thread only. */
    Timer after(Duration delay, Runnable action);

    /** A monotonic clock, in nanoseconds. Any thread. */
    long nanoTime();

    /** The time of day. Any thread. */
    Instant now();

    /** An action that is still to come. */
    interface Timer {
        /** Without effect once the action has begun. Loop thread only. */
        void cancel();
    }
}
