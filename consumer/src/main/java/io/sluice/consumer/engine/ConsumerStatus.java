package io.sluice.consumer.engine;

import java.util.Map;

/**
 * A consumer at one moment.
 *
 * @param polling of the thread that polls
 * @param tasks those that it has in memory
 * @param moves those that have left without having run
 * @param live false when so many attempts are stuck that it should be replaced by a new process
 */
public record ConsumerStatus(
        Polling polling, Tasks tasks, MoveCounts moves, boolean live, Map<String, TypeStatus> types) {
    /**
     * What the poll thread has, and what has gone wrong there since the start.
     *
     * @param partitions how many are owned, of all topics that are read together
     * @param unreadableMaps commits found whose metadata was no map of what is settled: more runs again than need be
     * @param cutMaps commits made whose map had no room for all that is settled
     * @param lostTasks records that the topic's retention deleted before they were settled
     * @param overlaps handovers that did not wait any longer for what still ran: limits may have been exceeded
     */
    public record Polling(int partitions, long unreadableMaps, long cutMaps, long lostTasks, long overlaps) {}

    /** Of {@link Polling}. */
    public int partitions() {
        return polling.partitions;
    }

    /**
     * Tasks by what they do.
     *
     * @param inFlight attempts that hold a permit
     * @param waiting in lanes
     * @param backingOff on a timer for their next attempt or their due time
     * @param settling the broker has not acknowledged their records yet
     * @param due of those that wait in lanes, the ones whose time has come
     */
    public record Tasks(int inFlight, int waiting, int backingOff, int settling, int due) {}

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
