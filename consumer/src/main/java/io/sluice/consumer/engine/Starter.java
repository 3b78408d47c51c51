package io.sluice.consumer.engine;

import java.time.Instant;
import java.util.function.LongPredicate;

/** Starts attempts, as long as there are tasks whose permits are free. Loop thread only. */
final class Starter {
    /** Then the loop's timers and others have theirs. */
    private static final long TURN_NANOS = 10_000_000;

    private final Loop loop;
    private final Lanes lanes;
    private final Waits waits;
    private final Departures departures;
    private final Attempts attempts;
    private final LongPredicate mayStart;
    private boolean starting;
    private boolean goingOn;

    /** @param mayStart whether this consumer may start anything at that time, on the loop's clock */
    Starter(Loop loop, Lanes lanes, Waits waits, Departures departures, Attempts attempts, LongPredicate mayStart) {
        this.loop = loop;
        this.lanes = lanes;
        this.waits = waits;
        this.departures = departures;
        this.attempts = attempts;
        this.mayStart = mayStart;
    }

    /**
     * One that ends at once is concluded here and not further down: who asks again from within returns, and the loop here
     * goes on; but only for a while, since bodies that all end at once would have the loop for as long as there are tasks.
     */
    void startReady() {
        if (starting || goingOn) {
            return;
        }
        starting = true;
        long end = loop.nanoTime() + TURN_NANOS;
        try {
            for (long now = loop.nanoTime(); mayStart.test(now); now = loop.nanoTime()) {
                if (now - end >= 0) {
                    goingOn = true;
                    loop.execute(this::goOn);
                    return;
                }
                Permit permit = lanes.next();
                if (permit == null) {
                    return;
                }
                if (!isTurnedAway(permit, now)) {
                    Attempt attempt = attempts.add(permit, now);
                    if (attempt.start()) {
                        attempts.conclude(attempt);
                    }
                }
            }
        } finally {
            starting = false;
        }
    }

    private void goOn() {
        goingOn = false;
        startReady();
    }

    /** Whether it is not to run here and now: then it has lost its permit and goes elsewhere. */
    private boolean isTurnedAway(Permit permit, long nanos) {
        Task task = permit.task;
        if (lanes.isOrdered(task) && task.headSince == null) {
            task.headSince = loop.now();
        }
        if (task.share != null && task.key == null) {
            task.share.served(nanos, task.queuedNanos);
        }
        Instant expiry = task.envelope().expiry();
        if (!task.partition.mayStart()) {
            permit.release();
            departures.drop(task);
        } else if (task.headSince != null && Strays.isStray(task)) {
            // In its order, too: the one behind it has its turn when this one is where it belongs.
            permit.release();
            departures.goHome(task);
        } else if (expiry != null && !loop.now().isBefore(expiry)) {
            permit.release();
            departures.giveUp(task, "expired", new GivenUp("it expired at " + expiry + ", before its turn came", null));
        } else if (task.due != null && loop.now().isBefore(task.due)) {
            permit.release();
            waits.untilDue(task, task.due);
        } else {
            return false;
        }
        return true;
    }
}
