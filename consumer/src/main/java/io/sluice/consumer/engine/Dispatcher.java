package io.sluice.consumer.engine;

import io.sluice.settings.ConsumerSettings;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The loop's side of the engine: what others tell it and ask it. A task's trip through it is to be read in
 * {@link Arrivals}, {@link Waits}, {@link Starter}, {@link Attempts}, {@link Verdicts} and {@link Departures}. Loop thread
 * only, but for the methods that say otherwise.
 */
public final class Dispatcher {
    /** As much as is read in a few milliseconds. */
    private static final int LOT_BYTES = 256 << 10;

    private final Loop loop;
    private final Fence fence;
    private final Duration handoverTimeout;
    private final int maxStuck;
    private final TaskTypes types;
    private final Drain drain = new Drain();
    private final Inbox<Runnable> inbox;
    private final Lanes lanes;
    private final Shares shares;
    private final Departures departures;
    private final Arrivals arrivals;
    private final Waits waits;
    private final Verdicts verdicts;
    private final Attempts attempts;
    private final Starter starter;
    private final ScalingSignal signal;

    /**
     * @param fence nothing is started while it is shut
     * @param sink takes the records that tasks owe
     * @param timings hears how long attempts wait and run
     */
    public Dispatcher(Settings settings, Loop loop, Fence fence, TaskTypes types, Sink sink, Timings timings) {
        ConsumerSettings consumer = settings.consumer();
        this.loop = loop;
        this.fence = fence;
        this.handoverTimeout = consumer.stopping().handoverTimeout();
        this.types = types;
        this.maxStuck = consumer.limits().maxStuck();
        this.inbox = new Inbox<>(loop, Runnable::run, this::goOn);
        this.lanes = new Lanes(consumer.limits(), loop);
        types.forEach(lanes::add);
        int window = Window.records(settings.maxPollRecords());
        this.shares = new Shares(loop, lanes, types, settings.topics().overflow(), window, consumer.limits());
        this.departures =
                new Departures(loop, new Owed(settings.topics(), consumer.group()), sink, drain, new Leaving());
        this.waits =
                new Waits(loop, lanes, shares, departures, consumer.patience().orderedWaitMax(), this::goOn);
        this.signal =
                new ScalingSignal(settings.topics(), types, consumer.limits().maxInFlightPerKey(), loop);
        this.arrivals =
                new Arrivals(loop, new Decoding(settings.defaultType(), types), waits, departures, drain, signal);
        KeyRests rests = new KeyRests(loop, lanes, this::goOn);
        this.verdicts = new Verdicts(loop, waits, rests, departures, drain, this::goOn);
        this.attempts = new Attempts(loop, consumer.stopping().stopGrace(), verdicts, timings);
        this.starter = new Starter(loop, lanes, waits, departures, attempts, this::mayStart);
    }

    /** Lets those behind a task that leaves have its place. */
    private final class Leaving implements Departures.Listener {
        @Override
        public void left(Task task) {
            shares.leave(task);
            lanes.leave(task);
        }

        @Override
        public void stays(Task task) {
            if (drain.hasBegun() || !task.partition.mayStart()) {
                departures.leaveBehind(task);
            } else {
                waits.place(task);
                goOn();
            }
        }

        @Override
        public void someLeft() {
            goOn();
        }
    }

    /** Takes what one poll brought, in order; in lots, since others want the loop while large records are read. Any thread. */
    void accept(List<Task> batch) {
        int from = 0;
        int bytes = 0;
        for (int to = 1; to <= batch.size(); to++) {
            bytes += batch.get(to - 1).bytes();
            if (bytes >= LOT_BYTES || to == batch.size()) {
                List<Task> lot = from == 0 && to == batch.size() ? batch : batch.subList(from, to);
                inbox.put(() -> arrivals.accept(lot));
                from = to;
                bytes = 0;
            }
        }
    }

    /** Settles, by a dead letter, a task that stands for records which do not exist any more. Any thread. */
    void lost(Task task, String message) {
        inbox.put(() -> arrivals.lost(task, message));
    }

    /** Starts what may start now that the fence is open again. Any thread. */
    void lookAgain() {
        inbox.put(() -> {});
    }

    private void goOn() {
        starter.startReady();
        drain.finishIfOver(attempts.running(), attempts.stuck());
    }

    private boolean mayStart(long now) {
        return !drain.hasBegun() && fence.isOpen(now) && departures.hasRoom();
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
            waits.leaveBehind(task -> partitions.contains(task.partition));
            shares.forget(partitions);
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
            waits.leaveBehind(task -> true);
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

    /**
     * Pauses the types of these names and no others: none of their tasks starts, those that run go on. What of them is
     * more than its share of a partition is moved to the overflow topic. Any thread; tasks that are
     * accepted later find it so.
     *
     * @return completes when none starts any more
     */
    public Future<Void> pause(Set<String> names) {
        Set<String> paused = Set.copyOf(names);
        Promise<Void> done = Promise.promise();
        inbox.put(() -> {
            types.pause(paused, lanes::add);
            waits.overflowPaused();
            done.complete();
        });
        return done.future();
    }

    /** @param polling what the poll loop says */
    public ConsumerStatus status(ConsumerStatus.Polling polling) {
        return new ConsumerStatus(
                polling,
                new ConsumerStatus.Tasks(
                        lanes.inFlight(), lanes.waiting(), waits.size(), departures.settling(), lanes.timed()),
                departures.moves(),
                attempts.stuck() <= maxStuck,
                types.snapshot());
    }

    /** As {@link ScalingSignal#now}. */
    long scalingBacklog(Collection<Positions.Position> positions) {
        return signal.now(positions);
    }

    /** Attempts that have ignored their cancellation past the stop grace. */
    int stuck() {
        return attempts.stuck();
    }

    /** How many of them there may be. Any thread. */
    int maxStuck() {
        return maxStuck;
    }

    /** As {@link Settler#hasRoom}. Any thread. */
    boolean hasRoom() {
        return departures.hasRoom();
    }

    /** As {@link Settler#acknowledged}. Any thread. */
    long acknowledged() {
        return departures.acknowledged();
    }

    /** As {@link Settler#refused}. Any thread. */
    int refused() {
        return departures.refused();
    }

    /** What the tasks that hold back commits are doing. */
    List<Stall> stalls(Collection<Task> oldest) {
        return oldest.stream()
                .filter(task -> task.isAccepted() && task.end() == Task.End.OPEN)
                .map(task ->
                        Stall.of(task, lanes.lacksOnlyAPermit(task) ? TaskState.PERMIT : task.state, loop.nanoTime()))
                .toList();
    }
}
