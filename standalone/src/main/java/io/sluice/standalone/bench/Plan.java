package io.sluice.standalone.bench;

import io.sluice.standalone.bench.subject.Job;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One measurement: a workload in numbers.
 *
 * @param inFlight bodies at once, of each consumer
 */
public record Plan(Workload workload, Job.Work work, Volume volume, Form form, int inFlight, Promises promises) {
    /** On a busy machine. */
    private static final Duration COMMIT_ROUND_TRIP = Duration.ofMillis(100);

    /**
     * How many tasks there are.
     *
     * @param measured those that count
     * @param before those that run before them: the warm-up, or the flood
     * @param rate of the measured ones, a second; 0: they are there at once
     */
    public record Volume(int measured, int before, int rate) {
        int all() {
            return measured + before;
        }
    }

    /** What the records look like: how many keys there are, evenly over the partitions, and how long a value is. */
    public record Form(int keys, int bytes) {}

    /** What the consumer keeps besides. */
    public record Promises(Duration commitInterval, boolean results) {}

    /** Whether its bodies take any. */
    boolean takesTime() {
        return !work.usual().isZero();
    }

    /** Whether its tasks come at one, and not all at once. */
    boolean hasRate() {
        return volume.rate() > 0;
    }

    /**
     * How often tasks may run again: after a crash those that ran, and those that had ended since the last commit which the broker has
     * acknowledged; else never.
     */
    long mostRepeats() {
        if (workload != Workload.CRASH) {
            return 0;
        }
        Duration sinceCommit = promises.commitInterval().plus(COMMIT_ROUND_TRIP);
        return inFlight
                + (long) inFlight * sinceCommit.toMillis() / work.usual().toMillis();
    }

    /** As a consumer's process is told. */
    Job job(Job.Feed feed, Path witness) {
        return new Job(feed, workload.kind(), work, inFlight, promises.commitInterval(), promises.results(), witness);
    }

    /** How long the measured bodies take if every permit is in use from the first to the last; 0 if they take no time. */
    double idealSeconds(int consumers) {
        long millis = 0;
        for (int task = volume.before(); task < volume.all(); task++) {
            millis += work.millisOf(task);
        }
        return millis / 1000.0 / inFlight / consumers;
    }
}
