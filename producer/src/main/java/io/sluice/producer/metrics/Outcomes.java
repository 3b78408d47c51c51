package io.sluice.producer.metrics;

import io.sluice.producer.client.NotAcknowledged;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What became of the tasks that came in on one way. Safe for threads. */
public final class Outcomes {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** @param failure null if the broker has the task */
    public void count(@Nullable Throwable failure) {
        if (failure == null) {
            accepted.increment();
        } else if (failure instanceof NotAcknowledged) {
            failed.increment();
        } else {
            refused.increment();
        }
    }

    /** Those that the broker has. */
    public long accepted() {
        return accepted.sum();
    }

    /** Those that were not taken: they make no sense, or there is no room. */
    public long refused() {
        return refused.sum();
    }

    /** Those that the broker has not acknowledged. */
    public long failed() {
        return failed.sum();
    }
}
