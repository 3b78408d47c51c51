package io.sluice.consumer.engine;

/** Signs of life of the poll thread. Written by it, read by any. */
final class PollSigns {
    private final Loop clock;

    /** When its last turn began. */
    private volatile long turnNanos;

    /** The same, or when that turn's last handover ended. */
    private volatile long aliveNanos;

    private volatile boolean handingOver;
    private volatile boolean handedOver;
    private volatile boolean member;

    PollSigns(Loop clock) {
        this.clock = clock;
        this.turnNanos = clock.nanoTime();
        this.aliveNanos = turnNanos;
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
        aliveNanos = now;
        handedOver = false;
        return gap;
    }

    /** What its turn does after a handover is measured anew: the handover may have taken longer than all the rest may. */
    void handsOver(boolean now) {
        if (!now) {
            aliveNanos = clock.nanoTime();
            handedOver = true;
        }
        handingOver = now;
    }

    void isMember(boolean now) {
        member = now;
    }

    /** How long its last turn has been under way, or what it does after a handover in it. Any thread. */
    long turnTakesNanos() {
        return clock.nanoTime() - aliveNanos;
    }

    /** Whether that is since it gave partitions back. Any thread. */
    boolean hasHandedOver() {
        return handedOver;
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
