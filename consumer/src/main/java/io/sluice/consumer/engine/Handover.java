package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * Gives revoked partitions back: nothing more of them is started, what runs may finish, then all that is settled is
 * committed. Here the poll thread waits for work. Poll thread only.
 */
final class Handover {
    private static final Duration COMMIT_AT_MOST = Duration.ofSeconds(5);

    private final Dispatcher dispatcher;
    private final Commits commits;
    private final Loop clock;
    private final PollLoop.Waiting waiting;
    private final Duration atMost;
    private final Duration proofInterval;

    /**
     * @param atMost how long it may take before the group would expel this member
     * @param proofInterval how often to show the group meanwhile that this member is there
     */
    Handover(
            Dispatcher dispatcher,
            Commits commits,
            Loop clock,
            PollLoop.Waiting waiting,
            Duration atMost,
            Duration proofInterval) {
        this.dispatcher = dispatcher;
        this.commits = commits;
        this.clock = clock;
        this.waiting = waiting;
        this.atMost = atMost;
        this.proofInterval = proofInterval;
    }

    /**
     * Returns when they may go to another owner.
     *
     * @param staying partitions that are owned on
     * @param impatient ends the waiting
     * @return false if something of them still runs or is not acknowledged, and time was up
     */
    boolean giveBack(List<OwnedPartition> leaving, Collection<OwnedPartition> staying, BooleanSupplier impatient) {
        leaving.forEach(OwnedPartition::revoke);
        Future<?> dropped = dispatcher.revoke(leaving);
        BooleanSupplier quiet = () -> impatient.getAsBoolean()
                || (dropped.isDone() && leaving.stream().allMatch(OwnedPartition::isQuiet));
        List<OwnedPartition> all = new ArrayList<>(staying);
        all.addAll(leaving);
        boolean ended = await(quiet, all);
        commits.now(leaving, false, COMMIT_AT_MOST);
        leaving.forEach(OwnedPartition::giveUp);
        return ended;
    }

    /** A long handover must not make the rest of this consumer stand still for want of a proof. */
    private boolean await(BooleanSupplier quiet, List<OwnedPartition> all) {
        long end = clock.nanoTime() + atMost.toNanos();
        Duration left = atMost;
        while (left.compareTo(proofInterval) > 0) {
            if (waiting.until(quiet, proofInterval)) {
                return true;
            }
            commits.now(all, true, COMMIT_AT_MOST);
            left = Duration.ofNanos(end - clock.nanoTime());
        }
        return waiting.until(quiet, left);
    }
}
