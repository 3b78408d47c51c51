package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Tasks that wait on a timer: for their next attempt or for their due time. Loop thread only. */
final class Backoffs {
    /** A due time may lie beyond what a timer can count to, so longer waits are counted in parts. */
    private static final Duration LONGEST_TIMER = Duration.ofDays(1);

    private final Loop loop;
    private final Consumer<Task> over;
    private final Map<Task, Loop.Timer> timers = new LinkedHashMap<>();

    /** @param over takes a task whose wait is over */
    Backoffs(Loop loop, Consumer<Task> over) {
        this.loop = loop;
        this.over = over;
    }

    void add(Task task, Duration wait) {
        Duration left = wait.minus(LONGEST_TIMER);
        boolean isLast = left.isNegative() || left.isZero();
        timers.put(task, loop.after(isLast ? wait : LONGEST_TIMER, () -> {
            timers.remove(task);
            if (isLast) {
                over.accept(task);
            } else {
                add(task, left);
            }
        }));
    }

    int size() {
        return timers.size();
    }

    void removeIf(Predicate<Task> matches, Consumer<Task> removed) {
        for (Iterator<Map.Entry<Task, Loop.Timer>> entries = timers.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<Task, Loop.Timer> entry = entries.next();
            if (matches.test(entry.getKey())) {
                entries.remove();
                entry.getValue().cancel();
                removed.accept(entry.getKey());
            }
        }
    }
}
