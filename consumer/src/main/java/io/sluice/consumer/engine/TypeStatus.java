package io.sluice.consumer.engine;

import java.util.Map;

/**
 * What the tasks of one type have come to since the consumer started.
 *
 * @param inFlight attempts that hold a permit now, stuck ones included
 * @param stuck attempts that have ignored their cancellation past the stop grace
 * @param succeeded tasks that ended well
 * @param deadLetters tasks that failed for good, by reason
 * @param paused none of its tasks starts
 */
public record TypeStatus(
        int inFlight, int stuck, Attempts attempts, long succeeded, Map<String, Long> deadLetters, boolean paused) {
    /**
     * @param made all of them
     * @param retries those that were followed by another attempt at the same task
     * @param timeouts those that took longer than the type's timeout
     * @param busyNanos the time for which permits were held, summed up
     */
    public record Attempts(long made, long retries, long timeouts, long busyNanos, Outcomes outcomes) {}

    /**
     * Attempts by what they came to. A stuck one has come to it when it is found to be stuck.
     *
     * @param timedOut whatever they ended with then
     * @param cancelled since their partition went, or the consumer stopped
     */
    public record Outcomes(long succeeded, long failed, long timedOut, long cancelled) {}

    /** Tasks that have ended, well or as a dead letter, and whose records the broker has. */
    public long settled() {
        return succeeded
                + deadLetters.values().stream().mapToLong(Long::longValue).sum();
    }
}
