package io.sluice.consumer.engine;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Actions at moments of virtual time; of those at one moment, the one that was added first comes first. */
final class SimTimers {
    static final long NEVER = Long.MAX_VALUE;

    private record Due(long nanos, long number, Runnable action) {}

    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::number));
    private long number;

    Loop.Timer add(long nanos, Runnable action) {
        Due due = new Due(nanos, number++, action);
        queue.add(due);
        return () -> queue.remove(due);
    }

    /** When the first is due; {@link #NEVER} if there is none. */
    long next() {
        Due due = queue.peek();
        return due == null ? NEVER : due.nanos;
    }

    /** Takes the first out. */
    Runnable take() {
        return queue.remove().action;
    }

    int size() {
        return queue.size();
    }

    void clear() {
        queue.clear();
    }
}
