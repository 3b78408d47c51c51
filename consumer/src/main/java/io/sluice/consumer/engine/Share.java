package io.sluice.consumer.engine;

/**
 * How much of one partition the tasks of one type hold, as far as they may be moved to the overflow topic. Loop thread
 * only.
 */
final class Share {
    int unsettled;

    /** Of those, the ones without a key. */
    int unkeyed;

    /** When a task without a key last got its turn, or began to wait for it while none did. */
    private long servedNanos;

    /** How long that one had waited. */
    private long waitedNanos;

    void enter(boolean keyed, long now) {
        unsettled++;
        if (!keyed && unkeyed++ == 0) {
            servedNanos = now;
            waitedNanos = 0;
        }
    }

    void leave(boolean keyed) {
        unsettled--;
        unkeyed -= keyed ? 0 : 1;
    }

    /** A task without a key gets its turn. They do in the order in which they came. */
    void served(long now, long queuedNanos) {
        servedNanos = now;
        waitedNanos = now - queuedNanos;
    }

    /** Whether those without a key wait for longer than that: the one whose turn is next, so far as the last ones tell. */
    boolean isSlowerThan(long nanos, long now) {
        return waitedNanos > nanos || now - servedNanos > nanos;
    }
}
