package io.sluice.consumer.engine;

import io.sluice.record.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds the attempts of a type, for whoever traces them or labels what their code logs. What it throws is logged
 * and goes no further: it stands between a task and its end.
 */
@FunctionalInterface
public interface Surroundings {
    Surroundings NONE = attempt -> Around.NONE;

    /** How an attempt has ended. */
    enum Outcome {
        SUCCEEDED,
        FAILED,
        TIMED_OUT,
        /** Its partition went to another owner, or the consumer shut down. */
        CANCELLED,
        /** It was cancelled and runs on: what it comes to, nobody waits for. */
        STUCK
    }

    /** The attempt is about to start. Loop thread. */
    Around of(Attempt attempt);

    /** What surrounds one attempt. */
    interface Around {
        Around NONE = new Around() {};

        Runnable NOTHING = () -> {};

        /**
         * Code of the attempt's handler is about to run on this thread. Any thread.
         *
         * @return puts the thread back as it was; runs on the same one
         */
        default Runnable enter() {
            return NOTHING;
        }

        /** The trace context that whatever comes of the attempt carries; null for that of its record. Any thread. */
        default @Nullable TraceContext trace() {
            return null;
        }

        /**
         * It is over. Loop thread, once.
         *
         * @param failure null if it has none to name
         */
        default void ended(Outcome outcome, @Nullable Throwable failure) {}
    }
}
