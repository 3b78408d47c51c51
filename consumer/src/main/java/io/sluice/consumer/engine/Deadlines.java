package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The running attempts of one type in the order in which their timeouts are to be looked at. It is the same timeout for all, so
 * that is the order of their start too; one timer for the first is enough. A body that a worker thread starts need not tell the
 * loop: a look that comes too early for it is put off. Loop thread only.
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
        insert(attempt, attempt.deadlineNanos());
        arm();
    }

    private void insert(Attempt attempt, long dueNanos) {
        Attempt next = null;
        if (last != null && last.dueNanos - dueNanos > 0) {
            // It has been put off: by no more than its body waited for a thread, which is little as a rule.
            next = first;
            while (next != null && next.dueNanos - dueNanos <= 0) {
                next = next.later;
            }
        }
        attempt.dueNanos = dueNanos;
        link(next == null ? last : next.earlier, attempt);
        link(attempt, next);
    }

    private void link(@Nullable Attempt one, @Nullable Attempt other) {
        if (one == null) {
            first = other;
        } else {
            one.later = other;
        }
        if (other == null) {
            last = one;
        } else {
            other.earlier = one;
        }
    }

    /** Without effect if it is not there. */
    void remove(Attempt attempt) {
        if (attempt.earlier == null && first != attempt) {
            return;
        }
        link(attempt.earlier, attempt.later);
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
            long due = attempt.deadlineNanos();
            if (due - loop.nanoTime() <= 0) {
                expired.accept(attempt);
            } else {
                insert(attempt, due);
            }
        }
        arm();
    }
}
