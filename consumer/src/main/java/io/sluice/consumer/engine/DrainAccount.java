package io.sluice.consumer.engine;

/**
 * What a shutdown did with the tasks it found, each counted once. Those cancelled and left are uncommitted, and the next
 * owner runs them.
 *
 * @param finished those that succeeded or failed for good
 * @param cancelled those that ran for too long and were told to stop
 * @param stuck those that have been told to stop, now or earlier, and run on; their threads go down with the process
 * @param left those not started, backing off, or failed and due for another attempt
 */
public record DrainAccount(int finished, int cancelled, int stuck, int left) {
    /** Both accounts in one. */
    public DrainAccount plus(DrainAccount other) {
        return new DrainAccount(
                finished + other.finished, cancelled + other.cancelled, stuck + other.stuck, left + other.left);
    }

    @Override
    public String toString() {
        return finished + " running tasks finished, " + cancelled + " were cancelled, " + stuck + " are stuck, " + left
                + " were left for others";
    }
}
