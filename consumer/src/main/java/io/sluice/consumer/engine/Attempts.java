package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts that run: times them, cancels them, and keeps the permit of one until its code has really ended (P3). Who
 * wants one {@link #add}s it, starts it, and {@link #conclude}s it if it ends at once. Loop thread only.
 */
final class Attempts implements Attempt.Listener {
    private static final Logger log = LoggerFactory.getLogger(Attempts.class);

    /** Takes what attempts come to: each is told of once when it ends, and before that if it gets stuck. */
    interface Outcomes {
        /** All of its work has ended and its permit is free again. */
        void ended(Attempt attempt);

        /** It was cancelled and runs on past the stop grace. Its permit stays taken. */
        void stuck(Attempt attempt);

        /** A stuck attempt has ended after all, so a permit is free again. */
        void unstuck(Attempt attempt);

        /** Behind these: there may be something to start, or nothing that runs any more. Not behind one that ended at once. */
        void goOn();
    }

    private final Loop loop;
    private final Duration stopGrace;
    private final Outcomes outcomes;
    private final Timings timings;
    private final FencedSurroundings surroundings;
    private final RunningAttempts running = new RunningAttempts();
    private int stuck;

    Attempts(Loop loop, Duration stopGrace, Outcomes outcomes, Timings timings) {
        this.loop = loop;
        this.stopGrace = stopGrace;
        this.outcomes = outcomes;
        this.timings = FencedTimings.around(timings, loop);
        this.surroundings = new FencedSurroundings(loop);
    }

    /** @param now on the loop's clock */
    Attempt add(Permit permit, long now) {
        Task task = permit.task;
        task.attempts++;
        task.state = TaskState.RUNNING;
        task.type().counters.attempts++;
        task.partition.callStarted();
        timings.queued(task.type().name, now - task.queuedNanos);
        Attempt attempt = new Attempt(permit, now, loop, this, surroundings);
        running.add(attempt);
        return attempt;
    }

    /** Attempts whose task waits for their outcome: all but the stuck ones. */
    int running() {
        return running.size() - stuck;
    }

    int stuck() {
        return stuck;
    }

    void forEachStuck(Consumer<Attempt> action) {
        running.matching(attempt -> attempt.stuck).forEach(action);
    }

    /** Tells those that match to stop. */
    void cancel(Predicate<Attempt> matches) {
        running.matching(attempt -> attempt.cancel == null && matches.test(attempt))
                .forEach(attempt -> cancel(attempt, Attempt.Cancel.HANDOVER));
    }

    @Override
    public void runsOn(Attempt attempt) {
        deadlines(attempt).add(attempt);
    }

    @Override
    public void failing(Attempt attempt) {
        cancel(attempt, Attempt.Cancel.FAILURE);
    }

    @Override
    public void ended(Attempt attempt) {
        conclude(attempt);
        outcomes.goOn();
    }

    /** All of its work has ended. */
    void conclude(Attempt attempt) {
        running.remove(attempt);
        if (attempt.grace != null) {
            attempt.grace.cancel();
        }
        attempt.task.partition.callEnded();
        deadlines(attempt).remove(attempt);
        TaskType type = attempt.task.type();
        long taken = loop.nanoTime() - attempt.takenNanos;
        type.counters.busyNanos += taken;
        timings.ran(type.name, taken);
        attempt.permit.release();
        if (attempt.stuck) {
            stuck--;
            type.counters.stuck--;
            TaskFields.of(log.atInfo(), attempt.task)
                    .log("Task {} was stuck and has ended; its permit is free again", attempt.id());
            outcomes.unstuck(attempt);
        } else {
            outcomes.ended(attempt);
        }
    }

    private Deadlines deadlines(Attempt attempt) {
        TaskType type = attempt.task.type();
        Deadlines known = type.deadlines;
        if (known == null) {
            known = new Deadlines(loop, this::timedOut);
            type.deadlines = known;
        }
        return known;
    }

    private void timedOut(Attempt attempt) {
        attempt.task.type().counters.timeouts++;
        cancel(attempt, Attempt.Cancel.TIMEOUT);
    }

    private void cancel(Attempt attempt, Attempt.Cancel why) {
        if (attempt.ended || attempt.cancel != null) {
            return;
        }
        deadlines(attempt).remove(attempt);
        // Before it is told: what it does then may end it at once.
        attempt.grace = loop.after(stopGrace, () -> endGrace(attempt));
        attempt.cancel(why);
    }

    private void endGrace(Attempt attempt) {
        attempt.stuck = true;
        attempt.task.state = TaskState.STUCK;
        stuck++;
        attempt.task.type().counters.stuck++;
        TaskFields.of(log.atWarn(), attempt.task)
                .log(
                        "Task {} (type {}, key {}) was cancelled and still runs {} ms later; its permit stays taken",
                        attempt.id(),
                        attempt.type(),
                        attempt.key(),
                        stopGrace.toMillis());
        outcomes.stuck(attempt);
        outcomes.goOn();
    }
}
