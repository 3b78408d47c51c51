package io.sluice.consumer.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a task waits: in its lane for its turn, on a timer for its time, or as a copy in another topic. A task of
 * a key with an order never leaves its lane. Waiting holds no permit. Loop thread only.
 */
final class Waits {
    private final Loop loop;
    private final Lanes lanes;
    private final Shares shares;
    private final Departures departures;
    private final Duration orderedWaitMax;
    private final Runnable afterwards;
    private final Backoffs backoffs;
    private boolean watching;

    /** @param afterwards runs when tasks may have become ready to start */
    Waits(Loop loop, Lanes lanes, Shares shares, Departures departures, Duration orderedWaitMax, Runnable afterwards) {
        this.loop = loop;
        this.lanes = lanes;
        this.shares = shares;
        this.departures = departures;
        this.orderedWaitMax = orderedWaitMax;
        this.afterwards = afterwards;
        this.backoffs = new Backoffs(loop, task -> {
            line(task, loop.nanoTime());
            lanes.retry(task);
            afterwards.run();
        });
    }

    /** A task has just come. */
    void arrived(Task task) {
        shares.enter(task);
        place(task, task.acceptedNanos);
    }

    /** Sends a task that is in no lane where it has to wait. */
    void place(Task task) {
        place(task, loop.nanoTime());
    }

    private void place(Task task, long now) {
        boolean ordered = lanes.isOrdered(task);
        if (!ordered && Strays.isStray(task)) {
            shares.leave(task);
            departures.goHome(task);
        } else if (!ordered && task.due != null && loop.now().isBefore(task.due)) {
            untilDue(task, task.due);
        } else if (shares.overflows(task)) {
            overflow(task, null);
        } else {
            line(task, now);
            lanes.add(task);
            if (shares.mayOverflow(task)) {
                watch();
            }
        }
    }

    /**
     * Looks again when the tasks of a type, or those without a key, have had the time that they may take: if they are a
     * flood, they have filled the window by now, and none comes any more that would be moved.
     */
    private void watch() {
        if (!watching) {
            watching = true;
            loop.after(Shares.PATIENCE.plusMillis(1), this::overflowSlow);
        }
    }

    private void overflowSlow() {
        watching = false;
        Map<Share, Integer> kept = new HashMap<>();
        overflowIf(task -> {
            if (shares.mayOverflow(task)) {
                watch();
            }
            return task.share != null
                    && shares.overflows(task)
                    && kept.merge(task.share, 1, Integer::sum) > shares.most(task.partition);
        });
        afterwards.run();
    }

    /** In the order of their offsets, as the window takes for granted: acknowledged so, they leave no gaps. */
    private void overflowIf(Predicate<Task> matches) {
        List<Task> tail = new ArrayList<>();
        lanes.removeIf(matches, task -> {
            shares.leave(task);
            tail.add(task);
        });
        tail.sort(Comparator.comparingLong(task -> task.record.offset()));
        tail.forEach(task -> departures.overflow(task, null));
    }

    /** The task is not due yet. */
    void untilDue(Task task, Instant due) {
        hold(task, Duration.between(loop.now(), due), null);
    }

    /** The task has failed and is to be tried again. */
    void retry(Task task, Duration delay, Throwable failure) {
        hold(task, delay, failure);
    }

    /**
     * A wait past the task's end is not begun: that it will never run again is certain already, and whoever waits for it
     * hears so at once.
     */
    private void hold(Task task, Duration wait, @Nullable Throwable failure) {
        Instant until = loop.now().plus(wait);
        Instant expiry = task.envelope().expiry();
        if (expiry != null && !until.isBefore(expiry)) {
            departures.giveUp(
                    task,
                    "expired",
                    new GivenUp("it expires at " + expiry + ", before it may run at " + until, failure));
        } else if (task.headSince != null) {
            holdInOrder(task, wait, until.isAfter(task.headSince.plus(orderedWaitMax)), failure);
        } else if (!task.staysInMemory
                && wait.compareTo(task.type().settings.retry().inMemory()) > 0) {
            shares.leave(task);
            departures.delay(task, until);
        } else if (shares.isOver(task)) {
            overflow(task, until);
        } else {
            rest(task, wait);
        }
    }

    private void holdInOrder(Task task, Duration wait, boolean tooLong, @Nullable Throwable failure) {
        if (tooLong) {
            departures.giveUp(
                    task,
                    "ordered-wait",
                    new GivenUp(
                            "it would hold up the tasks of its key for " + wait.toSeconds()
                                    + " s more, and longer than consumer.ordered-wait-max allows",
                            failure));
        } else {
            rest(task, wait);
        }
    }

    private void rest(Task task, Duration wait) {
        task.state = TaskState.BACKING_OFF;
        backoffs.add(task, wait);
    }

    private static void line(Task task, long now) {
        task.state = TaskState.WAITING;
        task.queuedNanos = now;
    }

    private void overflow(Task task, @Nullable Instant due) {
        // At once and not when it is written: those behind it need not go, too.
        shares.leave(task);
        departures.overflow(task, due);
    }

    /** Types have been paused: moves those of their waiting tasks that are over their share. */
    void overflowPaused() {
        overflowIf(task -> task.type().paused && shares.isOver(task));
    }

    /** Tasks that wait on a timer. */
    int size() {
        return backoffs.size();
    }

    /** Gives back every task that waits and matches. */
    void leaveBehind(Predicate<Task> matches) {
        lanes.removeIf(matches, departures::leaveBehind);
        backoffs.removeIf(matches, departures::leaveBehind);
    }
}
