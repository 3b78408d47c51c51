package io.sluice.consumer.engine;

import io.sluice.record.TraceContext;
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

    /** What surrounds the attempt, and never throws. Loop thread. */
    Surroundings.Around of(Attempt attempt) {
        Surroundings.Around inner = Surroundings.Around.NONE;
        try {
            inner = attempt.task.type().surroundings.of(attempt);
        } catch (Throwable thrown) {
            warn(thrown);
        }
        // Nothing around it costs nothing.
        return inner == Surroundings.Around.NONE ? inner : new Fenced(inner);
    }

    private final class Fenced implements Surroundings.Around {
        private final Surroundings.Around inner;

        Fenced(Surroundings.Around inner) {
            this.inner = inner;
        }

        @Override
        public Runnable enter() {
            try {
                Runnable leave = inner.enter();
                return () -> tell(leave);
            } catch (Throwable thrown) {
                warn(thrown);
                return NOTHING;
            }
        }

        @Override
        public @Nullable TraceContext trace() {
            try {
                return inner.trace();
            } catch (Throwable thrown) {
                warn(thrown);
                return null;
            }
        }

        @Override
        public void ended(Surroundings.Outcome outcome, @Nullable Throwable failure) {
            tell(() -> inner.ended(outcome, failure));
        }
    }

    private void tell(Runnable news) {
        try {
            news.run();
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
