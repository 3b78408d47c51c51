package io.sluice.consumer.engine;

import java.util.Map;

/**
 * A consumer at one moment.
 *
 * @param partitions how many it owns
 * @param tasks those that it has in memory
 * @param moves those that have left without having run
 * @param live false when so many attempts are stuck that it should be replaced by a new process
 */
public record ConsumerStatus(
        int partitions, Tasks tasks, MoveCounts moves, boolean live, Map<String, TypeStatus> types) {
    /**
     * Tasks by what they do.
     *
     * @param inFlight attempts that hold a permit
     * @param waiting in lanes
     * @param backingOff on a timer for their next attempt or their due time
     * @param settling the broker has not acknowledged their records yet
     */
    public record Tasks(int inFlight, int waiting, int backingOff, int settling) {}

    /** Of {@link Tasks}. */
    public int inFlight() {
        return tasks.inFlight;
    }

    /** Of {@link Tasks}. */
    public int waiting() {
        return tasks.waiting;
    }

    /** Of {@link Tasks}. */
    public int backingOff() {
        return tasks.backingOff;
    }

    /** Of {@link Tasks}. */
    public int settling() {
        return tasks.settling;
    }
}
