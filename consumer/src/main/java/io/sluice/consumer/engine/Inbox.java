package io.sluice.consumer.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries things from any thread to the loop, in order, with one hand-over however many are waiting; in several turns if
 * they take long, so that the loop's timers and others are served in between.
 *
 * @param <T> what is carried
 */
final class Inbox<T> {
    private static final Logger log = LoggerFactory.getLogger(Inbox.class);

    /** Longer than any usual lot takes. */
    private static final long TURN_NANOS = 10_000_000;

    private final Loop loop;
    private final Consumer<T> each;
    private final Runnable afterwards;
    private final Queue<T> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * @param each takes one thing, on the loop
     * @param afterwards runs once behind every lot, on the loop
     */
    Inbox(Loop loop, Consumer<T> each, Runnable afterwards) {
        this.loop = loop;
        this.each = each;
        this.afterwards = afterwards;
    }

    /** Any thread. */
    void put(T thing) {
        queue.add(thing);
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            loop.execute(this::empty);
        }
    }

    private void empty() {
        // Before the first poll: what is put from here on schedules another turn.
        scheduled.set(false);
        long end = loop.nanoTime() + TURN_NANOS;
        for (T thing = queue.poll(); thing != null; thing = next(end)) {
            try {
                each.accept(thing);
            } catch (RuntimeException | Error bug) {
                // What is behind it must not wait for it. A task that is stranded here stays uncommitted.
                log.error("An error of Sluice's own; please report it", bug);
            }
        }
        afterwards.run();
    }

    /** Null, too, when the turn is over: what is left has another. */
    private @Nullable T next(long endNanos) {
        if (loop.nanoTime() - endNanos < 0) {
            return queue.poll();
        }
        if (!queue.isEmpty()) {
            schedule();
        }
        return null;
    }
}
