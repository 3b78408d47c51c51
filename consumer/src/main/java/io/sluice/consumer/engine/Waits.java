package io.sluice.consumer.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a task waits that may not run yet: the next attempt's time has not come, or its due time has not. Waiting
 * holds no permit. Loop thread only.
 */
final class Waits {
    private final Loop loop;
    private final Departures departures;
    private final Duration orderedWaitMax;
    private final Backoffs backoffs;

    /** @param over takes a task whose wait is over */
    Waits(Loop loop, Departures departures, Duration orderedWaitMax, Consumer<Task> over) {
        this.loop = loop;
        this.departures = departures;
        this.orderedWaitMax = orderedWaitMax;
        this.backoffs = new Backoffs(loop, over);
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
        } else if (task.headSince != null && until.isAfter(task.headSince.plus(orderedWaitMax))) {
            departures.giveUp(
                    task,
                    "ordered-wait",
                    new GivenUp(
                            "it would hold up the tasks of its key behind it until " + until
                                    + ", which is longer than consumer.ordered-wait-max allows",
                            failure));
        } else {
            task.state = TaskState.BACKING_OFF;
            backoffs.add(task, wait);
        }
    }

    /** Tasks that wait in memory. */
    int size() {
        return backoffs.size();
    }

    void removeIf(Predicate<Task> matches, Consumer<Task> removed) {
        backoffs.removeIf(matches, removed);
    }
}
