package io.sluice.consumer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.handler.RetryLater;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows an attempt: its task is settled, tried again, given up or given back. Loop thread only. */
final class Verdicts implements Attempts.Outcomes {
    /** For longer than this no key rests at once, whatever its server asks for. */
    private static final Duration LONGEST_REST = Duration.ofDays(1);

    private final Loop loop;
    private final Waits waits;
    private final KeyRests rests;
    private final Departures departures;
    private final Drain drain;
    private final Runnable afterwards;

    /** @param afterwards runs when a permit may be free, or the last attempt has ended */
    Verdicts(Loop loop, Waits waits, KeyRests rests, Departures departures, Drain drain, Runnable afterwards) {
        this.loop = loop;
        this.waits = waits;
        this.rests = rests;
        this.departures = departures;
        this.drain = drain;
        this.afterwards = afterwards;
    }

    @Override
    public void ended(Attempt attempt) {
        conclude(attempt);
        drain.ended(attempt);
    }

    @Override
    public void stuck(Attempt attempt) {
        Task task = attempt.task;
        attempt.tell(Surroundings.Outcome.STUCK, whyItShouldStop(attempt));
        if (attempt.cancel != Attempt.Cancel.HANDOVER && !task.partition.isGone()) {
            @Nullable Throwable failure = attempt.failure();
            if (attempt.cancel == Attempt.Cancel.FAILURE && failure != null) {
                departures.giveUp(task, "stuck", Causes.unwrap(failure));
            } else if (!succeedsByDefault(task)) {
                departures.giveUp(task, "stuck", new AttemptTimedOut(attempt.timeout()));
            }
        } else if (drain.hasBegun() || task.partition.isGone()) {
            departures.drop(task);
        }
        // Else its task stays open: the handover holds on to the partition while the call runs (P3).
    }

    private static @Nullable Throwable whyItShouldStop(Attempt attempt) {
        if (attempt.cancel == Attempt.Cancel.TIMEOUT) {
            return new AttemptTimedOut(attempt.timeout());
        }
        Throwable failure = attempt.failure();
        return failure == null ? null : Causes.unwrap(failure);
    }

    @Override
    public void unstuck(Attempt attempt) {
        dropIfHandedOver(attempt);
        drain.ended(attempt);
    }

    @Override
    public void goOn() {
        afterwards.run();
    }

    /** A stuck attempt of a partition that goes holds on to it no longer. */
    void dropIfHandedOver(Attempt attempt) {
        if (attempt.cancel == Attempt.Cancel.HANDOVER) {
            departures.drop(attempt.task);
        }
    }

    private void conclude(Attempt attempt) {
        Task task = attempt.task;
        Future<?> outcome = attempt.outcome();
        if (task.partition.isGone()) {
            attempt.tell(Surroundings.Outcome.CANCELLED, null);
            departures.drop(task);
        } else if (attempt.cancel == Attempt.Cancel.TIMEOUT) {
            AttemptTimedOut timedOut = new AttemptTimedOut(attempt.timeout());
            attempt.tell(Surroundings.Outcome.TIMED_OUT, timedOut);
            if (!succeedsByDefault(task)) {
                failedWith(attempt, timedOut);
            }
        } else if (outcome.succeeded()) {
            try {
                TaskType.Encoded output = task.type().encoded(outcome.result());
                attempt.tell(Surroundings.Outcome.SUCCEEDED, null);
                departures.succeed(task, output, attempt.emitted());
            } catch (Misfit unwritable) {
                failed(attempt, unwritable);
            }
        } else if (attempt.cancel == Attempt.Cancel.HANDOVER) {
            attempt.tell(Surroundings.Outcome.CANCELLED, null);
            departures.drop(task);
        } else {
            failed(attempt, Causes.unwrap(outcome.cause()));
        }
    }

    private boolean succeedsByDefault(Task task) {
        JsonNode value = task.type().settings.answers().onTimeoutDefault();
        if (value != null) {
            departures.succeed(task, task.type().encoded(value), List.of());
        }
        return value != null;
    }

    private void failed(Attempt attempt, Throwable failure) {
        attempt.tell(Surroundings.Outcome.FAILED, failure);
        failedWith(attempt, failure);
    }

    private void failedWith(Attempt attempt, Throwable failure) {
        Task task = attempt.task;
        Instant now = loop.now();
        Instant start = now.minusNanos(loop.nanoTime() - attempt.takenNanos);
        // A copy's may be another machine's time, or anyone's: an age that is negative would never be too old.
        Instant firstStart = task.firstStart == null || task.firstStart.isAfter(start) ? start : task.firstStart;
        task.firstStart = firstStart;
        task.firstFailure = task.firstFailure == null ? now : task.firstFailure;
        task.lastFailure = now;
        WhatNext next = task.type().retry.after(failure, task.counted + 1, Duration.between(firstStart, now));
        if (next instanceof WhatNext.GiveUp giveUp) {
            departures.giveUp(task, giveUp.reason(), failure);
        } else if (drain.hasBegun() || !task.partition.mayStart()) {
            departures.drop(task);
        } else if (next instanceof WhatNext.RetryAfter retry) {
            task.counted += retry.countsAttempt() ? 1 : 0;
            task.type().counters.retries++;
            waits.retry(task, retry.delay(), failure);
        }
        // Behind its own wait, so that its turn comes before that of the tasks which it has held up.
        restKey(task, failure);
    }

    private void restKey(Task task, Throwable failure) {
        if (task.key != null && failure instanceof RetryLater later && later.holdsKey()) {
            rests.rest(task.key, later.delay().compareTo(LONGEST_REST) > 0 ? LONGEST_REST : later.delay());
        }
    }
}
