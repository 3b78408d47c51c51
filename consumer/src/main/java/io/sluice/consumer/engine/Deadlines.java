package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The running attempts of one type in the order in which the loop heard of their start. The timeout is the same for all, so
 * that is the order of their deadlines too, but for what a worker thread takes to tell; one timer for the first is enough. None is told
 * too early. Loop thread only.
 */
final class Deadlines {
    private final Loop loop;
    private final Consumer<Attempt> expired;
    private @Nullable Attempt first;
    private @Nullable Attempt last;
    private boolean armed;

    Deadlines(Loop loop, Consumer<Attempt> expired) {
        this.loop = loop;
        this.expired = expired;
    }

    void add(Attempt attempt) {
        attempt.dueNanos = attempt.deadlineNanos();
        attempt.earlier = last;
        if (last == null) {
            first = attempt;
        } else {
            last.later = attempt;
        }
        last = attempt;
        arm();
    }

    /** Without effect if it is not there. */
    void remove(Attempt attempt) {
        if (attempt.earlier == null && first != attempt) {
            return;
        }
        if (attempt.earlier == null) {
            first = attempt.later;
        } else {
            attempt.earlier.later = attempt.later;
        }
        if (attempt.later == null) {
            last = attempt.earlier;
        } else {
            attempt.later.earlier = attempt.earlier;
        }
        attempt.earlier = null;
        attempt.later = null;
    }

    /** The timer is left to fire when its attempt has ended: one look an expired timeout, however many tasks it saw. */
    private void arm() {
        if (!armed && first != null) {
            armed = true;
            loop.after(Duration.ofNanos(Math.max(0, first.dueNanos - loop.nanoTime())), this::look);
        }
    }

    private void look() {
        armed = false;
        while (first != null && first.dueNanos - loop.nanoTime() <= 0) {
            Attempt attempt = first;
            remove(attempt);
            expired.accept(attempt);
        }
        arm();
    }
}
