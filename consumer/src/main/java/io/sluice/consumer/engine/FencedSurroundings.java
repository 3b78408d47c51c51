package io.sluice.consumer.engine;

import io.sluice.record.TraceContext;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what surroundings throw from the attempts that they surround: such an attempt runs and ends as one without any. Any
 * thread.
 */
final class FencedSurroundings {
    private static final Logger log = LoggerFactory.getLogger(FencedSurroundings.class);

    private final Seldom warnings;

    FencedSurroundings(Loop clock) {
        this.warnings = new Seldom(clock);
    }

    /** As {@link Surroundings#of}. Loop thread. */
    Surroundings.Around of(Attempt attempt) {
        try {
            return attempt.task.type().surroundings.of(attempt);
        } catch (Throwable thrown) {
            warn(thrown);
            return Surroundings.Around.NONE;
        }
    }

    /** As {@link Surroundings.Around#enter}; what it returns is for {@link #leave}. */
    Runnable enter(Surroundings.Around around) {
        try {
            return around.enter();
        } catch (Throwable thrown) {
            warn(thrown);
            return Surroundings.Around.NOTHING;
        }
    }

    /** Puts the thread back as it was. */
    void leave(Runnable leave) {
        try {
            leave.run();
        } catch (Throwable thrown) {
            warn(thrown);
        }
    }

    /** The code, which enters and leaves. */
    <T> Callable<T> wrap(Surroundings.Around around, Callable<T> code) {
        return () -> {
            Runnable leave = enter(around);
            try {
                return code.call();
            } finally {
                leave(leave);
            }
        };
    }

    /** As {@link Surroundings.Around#trace}. */
    @Nullable
    TraceContext trace(Surroundings.Around around) {
        try {
            return around.trace();
        } catch (Throwable thrown) {
            warn(thrown);
            return null;
        }
    }

    /** As {@link Surroundings.Around#ended}. */
    void ended(Surroundings.Around around, Surroundings.Outcome outcome, @Nullable Throwable failure) {
        try {
            around.ended(outcome, failure);
        } catch (Throwable thrown) {
            warn(thrown);
        }
    }

    private synchronized void warn(Throwable thrown) {
        if (warnings.now()) {
            log.warn("What surrounds the attempts here (tracing, fields of log lines) has failed", thrown);
        }
    }
}
