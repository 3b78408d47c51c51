package io.sluice.consumer.engine;

import io.sluice.settings.ConsumerSettings;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The loop's side of the engine: what others tell it and ask it. A task's trip through it is to be read in
 * {@link Arrivals}, {@link Starter}, {@link Attempts}, {@link Verdicts}, {@link Waits} and {@link Departures}. Loop thread
 * only, but for the methods that say otherwise.
 */
public final class Dispatcher {
    private final Loop loop;
    private final Fence fence;
    private final Duration handoverTimeout;
    private final TaskTypes types;
    private final Drain drain = new Drain();
    private final Inbox<Runnable> inbox;
    private final Lanes lanes;
    private final Departures departures;
    private final Arrivals arrivals;
    private final Waits waits;
    private final Verdicts verdicts;
    private final Attempts attempts;
    private final Starter starter;

    /**
     * @param fence nothing is started while it is shut
     * @param sink takes the records that tasks owe
     */
    public Dispatcher(Settings settings, Loop loop, Fence fence, TaskTypes types, Sink sink) {
        ConsumerSettings consumer = settings.consumer();
        this.loop = loop;
        this.fence = fence;
        this.handoverTimeout = consumer.stopping().handoverTimeout();
        this.types = types;
        this.inbox = new Inbox<>(loop, Runnable::run, this::goOn);
        this.lanes = new Lanes(consumer.limits());
        types.forEach(lanes::add);
        Owed owed = new Owed(settings.topics(), consumer.group());
        this.departures = new Departures(loop, owed, sink, lanes, drain, this::goOn);
        this.arrivals = new Arrivals(loop, settings.defaultType(), types, lanes, departures, drain);
        this.waits = new Waits(loop, departures, consumer.patience().orderedWaitMax(), this::waited);
        KeyRests rests = new KeyRests(loop, lanes, this::goOn);
        this.verdicts = new Verdicts(loop, waits, rests, departures, drain, this::goOn);
        this.attempts = new Attempts(loop, consumer.stopping().stopGrace(), verdicts);
        this.starter = new Starter(loop, lanes, waits, departures, attempts, this::mayStart);
    }

    /** Takes what one poll brought, in order. Any thread. */
    void accept(List<Task> batch) {
        inbox.put(() -> arrivals.accept(batch));
    }

    /** Settles, by a dead letter, a task that stands for records which do not exist any more. Any thread. */
    void lost(Task task, String message) {
        inbox.put(() -> arrivals.lost(task, message));
    }

    /** Starts what may start now that the fence is open again. Any thread. */
    void lookAgain() {
        inbox.put(() -> {});
    }

    private void waited(Task task) {
        task.state = TaskState.WAITING;
        lanes.retry(task);
        goOn();
    }

    private void goOn() {
        starter.startReady();
        drain.finishIfOver(attempts.running(), attempts.stuck());
    }

    private boolean mayStart() {
        return !drain.hasBegun() && fence.isOpen() && departures.hasRoom();
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
            lanes.removeIf(task -> partitions.contains(task.partition), departures::drop);
            waits.removeIf(task -> partitions.contains(task.partition), departures::drop);
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
        loop.execute(() -> {
            drain.begin();
            lanes.removeIf(task -> true, departures::leaveBehind);
            waits.removeIf(task -> true, departures::leaveBehind);
            attempts.forEachStuck(verdicts::dropIfHandedOver);
            loop.after(timeout, () -> attempts.cancel(attempt -> true));
            goOn();
        });
        return drain.account();
    }

    /** Tasks whose records the broker has not acknowledged yet. Any thread. */
    public int settling() {
        return departures.settling();
    }

    /** @param partitions how many are owned */
    public ConsumerStatus status(int partitions) {
        return new ConsumerStatus(
                partitions, lanes.inFlight(), lanes.waiting(), waits.size(), departures.settling(), types.snapshot());
    }
}
