package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Tasks that wait on a timer: for their next attempt or for their due time. Loop thread only. */
final class Backoffs {
    private final Loop loop;
    private final Consumer<Task> over;
    private final Map<Task, Loop.Timer> timers = new HashMap<>();

    /** @param over takes a task whose wait is over */
    Backoffs(Loop loop, Consumer<Task> over) {
        this.loop = loop;
        this.over = over;
    }

    void add(Task task, Duration delay) {
        timers.put(task, loop.after(delay, () -> {
            timers.remove(task);
            over.accept(task);
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
