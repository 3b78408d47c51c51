package io.sluice.consumer.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A loop whose time stands still until a test moves it, and which runs what it was handed one action at a time, always in
 * the same order. {@link #execute} may be called from any thread, all else from the test's.
 */
final class VirtualLoop implements Loop {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private record Due(long nanos, long number, Runnable action) {}

    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Due> timers =
            new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::number));
    private volatile @Nullable Thread inside;
    private long nanos;
    private long number;

    @Override
    public void execute(Runnable action) {
        queue.add(action);
    }

    @Override
    public void run(Runnable action) {
        if (Thread.currentThread() == inside) {
            action.run();
        } else {
            execute(action);
        }
    }

    @Override
    public Timer after(Duration delay, Runnable action) {
        Due due = new Due(nanos + Math.max(0, delay.toNanos()), number++, action);
        timers.add(due);
        return () -> timers.remove(due);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos);
    }

    /** Runs the action as if on the loop, and then all that comes of it. */
    void on(Runnable action) {
        enter(action);
        runAll();
    }

    /** Runs one action that was handed over or whose time has come; whether there was one. */
    boolean step() {
        Due due = timers.peek();
        if (due != null && due.nanos <= nanos) {
            timers.poll();
            queue.add(due.action);
        }
        Runnable action = queue.poll();
        if (action == null) {
            return false;
        }
        enter(action);
        return true;
    }

    void runAll() {
        boolean more = true;
        while (more) {
            more = step();
        }
    }

    /** Lets time pass: every timer fires at its own moment, and all that comes of it runs before the next. */
    void advance(Duration duration) {
        long end = nanos + duration.toNanos();
        runAll();
        for (Due due = timers.peek(); due != null && due.nanos <= end; due = timers.peek()) {
            nanos = Math.max(nanos, due.nanos);
            runAll();
        }
        nanos = end;
    }

    /** Lets time pass during an action: what is due by then runs later. */
    void advanceInside(Duration duration) {
        nanos += duration.toNanos();
    }

    int timers() {
        return timers.size();
    }

    private void enter(Runnable action) {
        Thread before = inside;
        inside = Thread.currentThread();
        try {
            action.run();
        } finally {
            inside = before;
        }
    }
}
