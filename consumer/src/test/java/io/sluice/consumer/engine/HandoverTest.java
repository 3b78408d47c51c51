package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.PermanentFailure;
import io.sluice.settings.Limits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** What becomes of a partition's tasks when it goes to another consumer, and of all when this one stops. */
class HandoverTest {
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Bench bench = new Bench(new Limits(10, 1));
    private final OwnedPartition partition = bench.partition(0);

    /** Cancelled attempts of this bench fail at once. */
    private static Bench obedient() {
        return new Bench(new Limits(10, 10), TestSettings.type(10), attempt -> {
            attempt.bodyStarts();
            Promise<Object> promise = Promise.promise();
            attempt.cancelled().onSuccess(cancelled -> promise.fail(new CancellationException()));
            return promise.future();
        });
    }

    @Test
    void waitingTasksAreDroppedAndRunningOnesFinish() {
        List<Task> tasks = bench.feed(
                partition, TaskRecord.at(0).key("a"), TaskRecord.at(1).key("a"));

        bench.revoke(partition);
        assertThat(tasks).extracting(Task::end).containsExactly(Task.End.OPEN, Task.End.DROPPED);
        assertThat(partition.isQuiet()).isFalse();

        bench.succeed(0);
        assertThat(bench.results()).hasSize(1);
        assertThat(Bench.committable(partition)).isEqualTo(1);
        assertThat(partition.isQuiet()).isTrue();
        assertThat(bench.body.started()).containsExactly("tasks-0-0");
    }

    @Test
    void tasksThatBackOffAreDropped() {
        List<Task> tasks = bench.feed(
                partition, TaskRecord.at(0).key("a"), TaskRecord.at(1).key("a"));
        bench.fail(0, new IllegalStateException());

        bench.revoke(partition);
        bench.advance(Duration.ofHours(1));

        assertThat(tasks).extracting(Task::end).containsExactly(Task.End.DROPPED, Task.End.DROPPED);
        assertThat(bench.body.started()).hasSize(1);
        assertThat(bench.status().backingOff()).isZero();
    }

    @Test
    void tasksThatWereHandedOverBeforeTheRevocationDoNotStart() {
        List<Task> tasks = bench.handOver(partition, TaskRecord.at(0));

        bench.revoke(partition);

        assertThat(tasks.get(0).end()).isEqualTo(Task.End.DROPPED);
        assertThat(bench.body.started()).isEmpty();
    }

    @Test
    void nothingStartsBetweenTheRevocationAndTheLoopHearingOfIt() {
        bench.feed(partition, TaskRecord.at(0).key("a"), TaskRecord.at(1).key("a"));
        partition.revoke();

        bench.succeed(0);

        assertThat(bench.body.started()).containsExactly("tasks-0-0");
    }

    @Test
    void anAttemptThatFailsDuringAHandoverIsLeftToTheNextOwner() {
        List<Task> tasks = bench.feed(partition, TaskRecord.at(0));
        bench.revoke(partition);

        bench.fail(0, new IllegalStateException());

        assertThat(tasks.get(0).end()).isEqualTo(Task.End.DROPPED);
        assertThat(bench.status().backingOff()).isZero();
        assertThat(bench.reasons()).isEmpty();
    }

    @Test
    void anAttemptThatFailsForGoodDuringAHandoverIsADeadLetter() {
        List<Task> tasks = bench.feed(partition, TaskRecord.at(0));
        bench.revoke(partition);

        bench.fail(0, new PermanentFailure("no"));

        assertThat(tasks.get(0).end()).isEqualTo(Task.End.SETTLED);
        assertThat(bench.reasons()).containsExactly("permanent");
    }

    @Test
    void whatStillRunsAfterTheHandoverTimeoutIsCancelled() {
        List<Task> tasks = bench.feed(partition, TaskRecord.at(0));
        bench.revoke(partition);
        HeldBody.Run run = bench.body.run(0);
        run.attempt().emit("next", null, "x");

        // The attempt's own timeout is shorter; start another close to the end.
        bench.advance(TestSettings.TIMEOUT.minusMillis(1));
        assertThat(run.attempt().cancelled().isComplete()).isFalse();
        assertThat(tasks.get(0).end()).isEqualTo(Task.End.OPEN);
        bench.advance(Duration.ofMillis(1));
        assertThat(run.attempt().cancelled().isComplete()).isTrue();
    }

    @Test
    void aCancelledAttemptIsLeftToTheNextOwner() {
        Bench waiting = new Bench(new Limits(10, 1), TestSettings.type(10), attempt -> {
            Promise<Object> promise = Promise.promise();
            attempt.cancelled().onSuccess(cancelled -> promise.fail(new PermanentFailure("cancelled")));
            return promise.future();
        });
        OwnedPartition mine = waiting.partition(0);
        List<Task> tasks = waiting.feed(mine, TaskRecord.at(0));
        waiting.revoke(mine);
        waiting.advance(TestSettings.HANDOVER_TIMEOUT.minusMillis(1));
        assertThat(tasks.get(0).end()).isEqualTo(Task.End.OPEN);

        waiting.advance(Duration.ofMillis(1));

        assertThat(tasks.get(0).end()).isEqualTo(Task.End.DROPPED);
        assertThat(waiting.reasons()).isEmpty();
        assertThat(waiting.status().inFlight()).isZero();
    }

    @Test
    void aCancelledAttemptThatSucceedsAllTheSameIsSettled() {
        Bench waiting = new Bench(new Limits(10, 1), TestSettings.type(10), attempt -> {
            Promise<Object> promise = Promise.promise();
            attempt.cancelled().onSuccess(cancelled -> promise.complete("just in time"));
            return promise.future();
        });
        OwnedPartition mine = waiting.partition(0);
        List<Task> tasks = waiting.feed(mine, TaskRecord.at(0));
        waiting.revoke(mine);
        waiting.advance(TestSettings.HANDOVER_TIMEOUT);

        assertThat(tasks.get(0).end()).isEqualTo(Task.End.SETTLED);
    }

    /** P3: as long as the call runs, the next owner must not make another in its place. */
    @Test
    void aHandoverHoldsOnToACallThatIgnoresItsCancellation() {
        Promise<Object> promise = Promise.promise();
        Bench deaf = new Bench(new Limits(10, 1), TestSettings.type(10), attempt -> promise.future());
        OwnedPartition mine = deaf.partition(0);
        List<Task> tasks = deaf.feed(mine, TaskRecord.at(0).key("a"));
        deaf.revoke(mine);

        deaf.advance(TestSettings.HANDOVER_TIMEOUT.plus(TestSettings.STOP_GRACE).plusSeconds(10));
        assertThat(Bench.tracker(mine).hasOpenTasks()).isTrue();
        assertThat(deaf.status(TestSettings.TYPE).stuck()).isEqualTo(1);

        deaf.loop.on(() -> promise.complete("at last"));
        assertThat(Bench.tracker(mine).hasOpenTasks()).isFalse();
        assertThat(tasks.get(0).end()).isEqualTo(Task.End.DROPPED);
        assertThat(deaf.status().inFlight()).isZero();
    }

    @Test
    void otherPartitionsGoOnDuringAHandover() {
        OwnedPartition other = bench.partition(1);
        bench.feed(partition, TaskRecord.at(0).key("a"));
        bench.revoke(partition);

        bench.feed(other, TaskRecord.at(1, 0).key("b"));
        bench.advance(TestSettings.TIMEOUT.minusMillis(1));

        assertThat(bench.body.started()).containsExactly("tasks-0-0", "tasks-1-0");
        assertThat(bench.body.run(1, 0).attempt().cancelled().isComplete()).isFalse();
    }

    @Test
    void aLostPartitionIsCancelledAtOnceAndNothingOfItIsSettled() {
        List<Task> tasks = bench.feed(
                partition, TaskRecord.at(0).key("a"), TaskRecord.at(1).key("a"));

        bench.lose(partition);
        bench.advance(Duration.ofMillis(1));
        assertThat(bench.body.run(0).attempt().cancelled().isComplete()).isTrue();
        assertThat(bench.status().inFlight()).as("it still runs").isEqualTo(1);

        bench.succeed(0);
        assertThat(bench.sink.sends()).isZero();
        assertThat(tasks).extracting(Task::end).containsExactly(Task.End.DROPPED, Task.End.DROPPED);
    }

    @Test
    void aPartitionThatComesBackFindsItsOldCallsCounted() {
        bench.feed(partition, TaskRecord.at(0).key("a"));
        bench.lose(partition);
        OwnedPartition again = bench.partition(0);

        List<Task> tasks = bench.feed(again, TaskRecord.at(0).key("a"));
        assertThat(bench.body.started()).hasSize(1);

        bench.fail(0, new CancellationException());
        assertThat(bench.body.started()).hasSize(2);
        bench.succeed(0);
        assertThat(tasks.get(0).end()).isEqualTo(Task.End.SETTLED);
        assertThat(Bench.committable(again)).isEqualTo(1);
        assertThat(Bench.committable(partition)).isEqualTo(-1);
    }

    @Test
    void aStuckTaskOfALostPartitionIsNoDeadLetter() {
        bench.feed(partition, TaskRecord.at(0));
        bench.advance(TestSettings.TIMEOUT);
        bench.lose(partition);
        bench.advance(TestSettings.STOP_GRACE);

        assertThat(bench.reasons()).isEmpty();
        assertThat(bench.status().inFlight()).isEqualTo(1);
    }

    @Test
    void anIdleConsumerIsDrainedAtOnce() {
        assertThat(bench.drain(DRAIN).result()).isEqualTo(new DrainAccount(0, 0, 0, 0));
    }

    @Test
    void aDrainLetsRunningTasksFinishAndLeavesTheRest() {
        bench.feed(
                partition,
                TaskRecord.at(0).key("a"),
                TaskRecord.at(1).key("a"),
                TaskRecord.at(2).key("b"),
                TaskRecord.at(3).key("c"));
        bench.fail(3, new IllegalStateException());
        Future<DrainAccount> account = bench.drain(DRAIN);
        assertThat(account.isComplete()).isFalse();

        bench.succeed(0);
        assertThat(account.isComplete()).isFalse();
        bench.fail(2, new PermanentFailure("no"));

        assertThat(account.result()).isEqualTo(new DrainAccount(2, 0, 0, 2));
        assertThat(bench.body.started()).hasSize(3);
        assertThat(Bench.committable(partition)).isEqualTo(1);
    }

    @Test
    void aTaskThatArrivesDuringADrainIsLeft() {
        bench.feed(partition, TaskRecord.at(0));
        Future<DrainAccount> account = bench.drain(DRAIN);
        List<Task> late = bench.feed(partition, TaskRecord.at(1));
        bench.succeed(0);

        assertThat(account.result()).isEqualTo(new DrainAccount(1, 0, 0, 1));
        assertThat(late.get(0).end()).isEqualTo(Task.End.DROPPED);
    }

    @Test
    void aTaskThatFailsDuringADrainIsLeftAndCountedOnce() {
        bench.feed(partition, TaskRecord.at(0), TaskRecord.at(1));
        Future<DrainAccount> account = bench.drain(DRAIN);
        bench.succeed(0);
        bench.fail(1, new IllegalStateException());

        assertThat(account.result()).isEqualTo(new DrainAccount(1, 0, 0, 1));
        assertThat(bench.status().backingOff()).isZero();
    }

    @Test
    void whatRunsPastTheDrainTimeoutIsCancelledAndCountedOnce() {
        Bench obedient = obedient();
        OwnedPartition mine = obedient.partition(0);
        List<Task> tasks = obedient.feed(mine, TaskRecord.at(0), TaskRecord.at(1));
        Future<DrainAccount> account = obedient.drain(Duration.ofSeconds(1));

        obedient.advance(Duration.ofSeconds(1).minusMillis(1));
        assertThat(account.isComplete()).isFalse();
        obedient.advance(Duration.ofMillis(1));

        assertThat(account.result()).isEqualTo(new DrainAccount(0, 2, 0, 0));
        assertThat(tasks).extracting(Task::end).containsOnly(Task.End.DROPPED);
    }

    @Test
    void aDrainWaitsNoLongerThanTheGraceForACallThatIgnoresItsCancellation() {
        bench.feed(partition, TaskRecord.at(0), TaskRecord.at(1));
        Future<DrainAccount> account = bench.drain(Duration.ofSeconds(1));
        bench.succeed(0);

        bench.advance(Duration.ofSeconds(1).plus(TestSettings.STOP_GRACE).minusMillis(1));
        assertThat(account.isComplete()).isFalse();
        bench.advance(Duration.ofMillis(1));

        assertThat(account.result()).isEqualTo(new DrainAccount(1, 0, 1, 0));
        assertThat(Bench.tracker(partition).hasOpenTasks())
                .as("the group can be left")
                .isFalse();
    }

    @Test
    void aDrainReleasesAHandoverThatHoldsOnToAStuckCall() {
        Bench deaf = new Bench(
                new Limits(10, 1),
                TestSettings.type(10),
                attempt -> Promise.promise().future());
        OwnedPartition mine = deaf.partition(0);
        deaf.feed(mine, TaskRecord.at(0));
        deaf.revoke(mine);
        deaf.advance(TestSettings.HANDOVER_TIMEOUT.plus(TestSettings.STOP_GRACE));
        assertThat(Bench.tracker(mine).hasOpenTasks()).isTrue();

        Future<DrainAccount> account = deaf.drain(DRAIN);

        assertThat(account.isComplete()).isTrue();
        assertThat(Bench.tracker(mine).hasOpenTasks()).isFalse();
    }

    @Test
    void aPartitionIsNotQuietWhileACallRunsThatWasGivenUpAsStuck() {
        Bench deaf = new Bench(new Limits(10, 10));
        OwnedPartition its = deaf.partition(0);
        List<Task> tasks = deaf.feed(its, TaskRecord.at(0));
        deaf.advance(Duration.ofHours(1));
        assertThat(deaf.reasons()).containsExactly("stuck");
        assertThat(tasks.get(0).end()).isEqualTo(Task.End.SETTLED);

        deaf.revoke(its);
        assertThat(its.isQuiet()).isFalse();

        deaf.succeed(0);
        assertThat(its.isQuiet()).isTrue();
    }

    @Test
    void aDrainCountsATaskThatTimesOutAndGetsStuckOnce() {
        bench.feed(partition, TaskRecord.at(0));
        Future<DrainAccount> account = bench.drain(DRAIN);

        bench.advance(TestSettings.TIMEOUT.plus(TestSettings.STOP_GRACE));

        assertThat(bench.reasons()).containsExactly("stuck");
        assertThat(account.result()).isEqualTo(new DrainAccount(0, 0, 1, 0));
    }

    @Test
    void aDrainCountsAStuckTaskThatEndsAfterAllAsNothingElse() {
        bench.feed(partition, TaskRecord.at(0), TaskRecord.at(1));
        bench.advance(TestSettings.TIMEOUT.minusMillis(1));
        bench.feed(partition, TaskRecord.at(2));
        bench.advance(TestSettings.STOP_GRACE.plusMillis(1));
        Future<DrainAccount> account = bench.drain(DRAIN);
        bench.succeed(0);
        assertThat(account.isComplete()).isFalse();

        bench.succeed(2);

        assertThat(account.result())
                .as("one ended, one is stuck, one succeeded")
                .isEqualTo(new DrainAccount(2, 0, 1, 0));
    }
}
