package io.sluice.producer.client;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * How many tasks, and bytes of them, may wait for the broker's acknowledgement, and who waits for that to become fewer. Safe
 * for threads.
 */
final class Room {
    private final int maxTasks;
    private final long maxBytes;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private int tasks;
    private long bytes;
    /** When there was last nothing that waits, or an acknowledgement. */
    private volatile long answeredNanos;

    Room(int maxTasks, long maxBytes) {
        this.maxTasks = maxTasks;
        this.maxBytes = maxBytes;
    }

    /**
     * Takes room for one task. While half of the bytes are free there is room for any: so whoever was told of that does not
     * ask in vain, however large his task is.
     *
     * @param othersShare the part of all room that must stay free for others: a quarter is 4; 0 for none of it
     * @return false if there is no room
     */
    synchronized boolean tryTake(int size, int othersShare) {
        int most = othersShare == 0 ? maxTasks : maxTasks - maxTasks / othersShare;
        long mostBytes = othersShare == 0 ? maxBytes : maxBytes - maxBytes / othersShare;
        if (tasks >= most || (bytes > maxBytes / 2 && bytes + size > mostBytes)) {
            return false;
        }
        if (tasks == 0) {
            answeredNanos = System.nanoTime();
        }
        tasks++;
        bytes += size;
        return true;
    }

    /** The broker has acknowledged a task. */
    void acknowledged(long nanoTime) {
        answeredNanos = nanoTime;
    }

    /** For how long tasks have waited and none was acknowledged. */
    synchronized Duration unacknowledgedFor() {
        return tasks == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - answeredNanos);
    }

    /** Gives it back, and wakes those who wait if half of all is free. */
    void release(int size) {
        synchronized (this) {
            tasks--;
            bytes -= size;
        }
        wakeIfHalfFree();
    }

    /** Runs this once, on whatever thread, as soon as no more than half is taken. */
    void whenHalfFree(Runnable then) {
        waiting.add(then);
        // What made room may have come before this one waited.
        wakeIfHalfFree();
    }

    synchronized int tasks() {
        return tasks;
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized boolean isFull() {
        return tasks >= maxTasks || bytes >= maxBytes;
    }

    private synchronized boolean isHalfFree() {
        return tasks <= maxTasks / 2 && bytes <= maxBytes / 2;
    }

    private void wakeIfHalfFree() {
        if (!waiting.isEmpty() && isHalfFree()) {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                next.run();
            }
        }
    }
}
