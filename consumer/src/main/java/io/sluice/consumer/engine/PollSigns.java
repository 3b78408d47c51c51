package io.sluice.consumer.engine;

/** Signs of life of the poll thread. Written by it, read by any. */
final class PollSigns {
    private final Loop clock;

    /** When its last turn began. */
    private volatile long turnNanos;

    private volatile boolean handingOver;
    private volatile boolean member;

    PollSigns(Loop clock) {
        this.clock = clock;
        this.turnNanos = clock.nanoTime();
    }

    /**
     * A turn begins.
     *
     * @return how long after the one before it
     */
    long turns() {
        long now = clock.nanoTime();
        long gap = now - turnNanos;
        turnNanos = now;
        return gap;
    }

    void handsOver(boolean now) {
        handingOver = now;
    }

    void isMember(boolean now) {
        member = now;
    }

    /** How long its present turn takes, or the last one has taken. Any thread. */
    long turnTakesNanos() {
        return clock.nanoTime() - turnNanos;
    }

    /** Whether it waits for work of partitions that were revoked. Any thread. */
    boolean isHandingOver() {
        return handingOver;
    }

    /** Whether the group knows this consumer. Any thread. */
    boolean isMember() {
        return member;
    }
}
