package io.sluice.consumer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.record.Envelope;
import io.sluice.record.NewTask;
import io.sluice.record.Undecodable;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task's trip on the loop, to be read downwards: accepted, started when its permits are free, and when its attempt has
 * ended settled, tried again, given up or dropped. Loop thread only, but for the methods that say otherwise.
 */
public final class Dispatcher implements Attempts.Outcomes {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private static final int SETTLING_CAPACITY = 10_000;

    /** Until a task looks again whether it is due: a due time may lie beyond what a timer can count to. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final Loop loop;
    private final Fence fence;
    private final String defaultType;
    private final Duration handoverTimeout;
    private final TaskTypes types;
    private final Owed owed;
    private final Inbox<Runnable> inbox;
    private final Lanes lanes;
    private final Backoffs backoffs;
    private final Attempts attempts;
    private final Settler settler;
    private @Nullable Drain drain;
    private boolean starting;

    /**
     * @param fence nothing is started while it is shut
     * @param sink takes the records that tasks owe
     */
    public Dispatcher(Settings settings, Loop loop, Fence fence, TaskTypes types, Sink sink) {
        this.loop = loop;
        this.fence = fence;
        this.defaultType = settings.defaultType();
        this.handoverTimeout = settings.consumer().stopping().handoverTimeout();
        this.types = types;
        this.owed = new Owed(settings.topics(), settings.consumer().group());
        this.inbox = new Inbox<>(loop, Runnable::run, this::startReady);
        this.lanes = new Lanes(settings.consumer().limits());
        this.backoffs = new Backoffs(loop, this::waited);
        this.attempts = new Attempts(loop, settings.consumer().stopping().stopGrace(), this);
        this.settler = new Settler(sink, loop, SETTLING_CAPACITY, lanes::leave, this::tooLarge, this::startReady);
        types.forEach(lanes::add);
    }

    /** Takes what one poll brought, in order. Any thread. */
    void accept(List<Task> batch) {
        inbox.put(() -> batch.forEach(this::acceptOrStrand));
    }

    private void acceptOrStrand(Task task) {
        try {
            accept(task);
        } catch (RuntimeException | Error bug) {
            // Those behind it must not wait for it. It stays uncommitted.
            log.error(
                    "An error of Sluice's own at offset {} of {}; please report it",
                    task.record.offset(),
                    task.partition,
                    bug);
        }
    }

    private void accept(Task task) {
        if (drain != null || !task.partition.mayStart()) {
            leave(task);
            return;
        }
        try {
            Envelope envelope = Envelope.read(task.record, defaultType);
            task.accept(envelope, types.of(envelope.type()));
            lanes.add(task);
        } catch (Undecodable fault) {
            task.accept(Envelope.ofUndecodable(task.record, defaultType), types.unknown());
            giveUp(task, "undecodable", fault);
        }
    }

    /** Starts what may start now that the fence is open again. Any thread. */
    void lookAgain() {
        inbox.put(() -> {});
    }

    /** Settles, by a dead letter, a task that stands for records which do not exist any more. Any thread. */
    void lost(Task task, String message) {
        inbox.put(() -> {
            task.accept(Envelope.ofUndecodable(task.record, defaultType), types.unknown());
            giveUp(task, "lost", new Lost(message));
        });
    }

    /** An attempt that ends at once comes back here from within: the loop further up goes on for it. */
    private void startReady() {
        if (starting) {
            return;
        }
        starting = true;
        try {
            while (drain == null && fence.isOpen() && settler.hasRoom()) {
                Permit permit = lanes.next();
                if (permit == null) {
                    return;
                }
                start(permit);
            }
        } finally {
            starting = false;
        }
    }

    private void start(Permit permit) {
        Task task = permit.task;
        Envelope envelope = task.envelope();
        if (!task.partition.mayStart()) {
            permit.release();
            drop(task);
        } else if (envelope.expiry() != null && !loop.now().isBefore(envelope.expiry())) {
            permit.release();
            giveUp(task, "expired", new Expired(envelope.expiry()));
        } else if (envelope.notBefore() != null && loop.now().isBefore(envelope.notBefore())) {
            permit.release();
            Duration wait = Duration.between(loop.now(), envelope.notBefore());
            backoffs.add(task, wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
        } else {
            task.attempts++;
            task.firstStart = task.firstStart == null ? loop.now() : task.firstStart;
            attempts.start(permit);
        }
    }

    private void waited(Task task) {
        lanes.retry(task);
        startReady();
    }

    @Override
    public void ended(Attempt attempt, Future<?> outcome) {
        conclude(attempt, outcome);
        afterAnEnd(attempt);
    }

    @Override
    public void stuck(Attempt attempt) {
        if (attempt.cancel == Attempt.Cancel.TIMEOUT && !attempt.task.partition.isGone()) {
            if (!succeedsByDefault(attempt.task)) {
                giveUp(attempt.task, "stuck", new AttemptTimedOut(attempt.timeout()));
            }
        } else if (drain != null || attempt.task.partition.isGone()) {
            drop(attempt.task);
        }
        // Else its task stays open: the handover holds on to the partition while the call runs (P3).
        afterAnEnd(attempt);
    }

    @Override
    public void unstuck(Attempt attempt) {
        dropIfHandedOver(attempt);
        startReady();
    }

    private void dropIfHandedOver(Attempt attempt) {
        if (attempt.cancel == Attempt.Cancel.HANDOVER) {
            drop(attempt.task);
        }
    }

    private void afterAnEnd(Attempt attempt) {
        startReady();
        if (drain != null) {
            drain.ended(attempt);
        }
    }

    private void conclude(Attempt attempt, Future<?> outcome) {
        Task task = attempt.task;
        if (task.partition.isGone()) {
            drop(task);
        } else if (attempt.cancel == Attempt.Cancel.TIMEOUT) {
            if (!succeedsByDefault(task)) {
                failed(task, new AttemptTimedOut(attempt.timeout()));
            }
        } else if (outcome.succeeded()) {
            try {
                succeed(task, TaskType.Encoded.of(outcome.result()), attempt.emitted(), attempt.traceParent());
            } catch (Misfit unwritable) {
                failed(task, unwritable);
            }
        } else if (attempt.cancel == Attempt.Cancel.HANDOVER) {
            drop(task);
        } else {
            failed(task, outcome.cause());
        }
    }

    private boolean succeedsByDefault(Task task) {
        JsonNode value = task.type().settings.answers().onTimeoutDefault();
        if (value != null) {
            succeed(task, TaskType.Encoded.of(value), List.of(), null);
        }
        return value != null;
    }

    private void failed(Task task, Throwable failure) {
        Instant firstStart = task.firstStart == null ? loop.now() : task.firstStart;
        task.firstFailure = task.firstFailure == null ? loop.now() : task.firstFailure;
        WhatNext next = task.type().retry.after(failure, task.attempts, Duration.between(firstStart, loop.now()));
        if (next instanceof WhatNext.GiveUp giveUp) {
            giveUp(task, giveUp.reason(), failure);
        } else if (drain != null || !task.partition.mayStart()) {
            drop(task);
        } else if (next instanceof WhatNext.RetryAfter retry) {
            task.attempts -= retry.countsAttempt() ? 0 : 1;
            task.type().counters.retries++;
            backoffs.add(task, retry.delay());
        }
    }

    private void succeed(Task task, TaskType.Encoded output, List<NewTask> emitted, @Nullable String traceParent) {
        task.type().counters.succeeded++;
        settler.settle(task, owed.bySuccess(task, output.json(), emitted, traceParent));
    }

    private void giveUp(Task task, String reason, Throwable cause) {
        task.type().counters.deadLetters.merge(reason, 1L, Long::sum);
        settler.settle(task, owed.byFailure(task, reason, cause, loop.now()));
    }

    private void tooLarge(Task task, Exception failure) {
        giveUp(task, "result", new Misfit("result", "a follow-up task is too large: " + failure.getMessage(), failure));
    }

    private void drop(Task task) {
        task.dropped();
        lanes.leave(task);
    }

    private void leave(Task task) {
        drop(task);
        if (drain != null) {
            drain.left();
        }
    }

    /**
     * Drops what waits of the revoked partitions and lets what runs of them finish, for the handover timeout at most.
     * Any thread.
     *
     * @param partitions are revoked already
     * @return completes when none of their tasks can start any more
     */
    CompletableFuture<Void> revoke(Collection<OwnedPartition> partitions) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        giveBack(partitions, handoverTimeout, done);
        return done;
    }

    /** As {@link #revoke}, for partitions that are gone already: what runs of them is cancelled at once. Any thread. */
    void lose(Collection<OwnedPartition> partitions) {
        giveBack(partitions, Duration.ZERO, new CompletableFuture<>());
    }

    private void giveBack(Collection<OwnedPartition> partitions, Duration untilCancel, CompletableFuture<Void> done) {
        inbox.put(() -> {
            lanes.removeIf(task -> partitions.contains(task.partition), Task::dropped);
            backoffs.removeIf(task -> partitions.contains(task.partition), this::drop);
            loop.after(untilCancel, () -> attempts.cancel(attempt -> partitions.contains(attempt.task.partition)));
            done.complete(null);
        });
    }

    /**
     * Starts nothing more, and lets what runs finish within the time given before it is cancelled. Any thread.
     *
     * @return completes when nothing runs any more but what is stuck
     */
    public Future<DrainAccount> drain(Duration timeout) {
        Promise<DrainAccount> account = Promise.promise();
        loop.execute(() -> {
            drain = new Drain(attempts, account);
            lanes.removeIf(task -> true, this::leave);
            backoffs.removeIf(task -> true, this::leave);
            attempts.forEachStuck(this::dropIfHandedOver);
            loop.after(timeout, () -> attempts.cancel(attempt -> true));
            drain.finishIfOver();
        });
        return account.future();
    }

    /** Tasks whose records the broker has not acknowledged yet. Any thread. */
    public int settling() {
        return settler.pending();
    }

    /** @param partitions how many are owned */
    public ConsumerStatus status(int partitions) {
        return new ConsumerStatus(
                partitions, lanes.inFlight(), lanes.waiting(), backoffs.size(), settler.pending(), types.snapshot());
    }

    /** A task that came to its turn too late. */
    private static final class Expired extends RuntimeException {
        Expired(Instant expiry) {
            super("the task expired at " + expiry + ", before its turn came");
        }
    }

    /** Tasks that were deleted before they were settled. */
    private static final class Lost extends RuntimeException {
        Lost(String message) {
            super(message, null, false, false);
        }
    }
}
