package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.settings.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class PollLoopTest {
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);
    private static final Duration HANDOVER_AT_MOST = Duration.ofMinutes(2);

    private final FakeSource source = new FakeSource();
    private final Bench bench = new Bench(new Limits(10_000, 10_000), TestSettings.FENCE_AFTER);
    private final List<Duration> waits = new ArrayList<>();
    private Runnable whileWaiting = () -> {};
    private final PollLoop pollLoop = new PollLoop(
            source,
            bench.dispatcher,
            bench.loop,
            bench.fence,
            this::await,
            new PollLoop.Plan(
                    new Reading(List.of(TestSettings.TOPIC), Map.of(), 500, Duration.ofMillis(500)),
                    COMMIT_INTERVAL,
                    HANDOVER_AT_MOST,
                    Timings.NONE));

    PollLoopTest() {
        pollLoop.start();
    }

    /** The loop goes on while the poll thread waits. */
    private boolean await(BooleanSupplier condition, Duration atMost) {
        long end = bench.loop.nanoTime() + atMost.toNanos();
        whileWaiting.run();
        long begun = bench.loop.nanoTime();
        while (!condition.getAsBoolean() && bench.loop.nanoTime() < end) {
            bench.advance(Duration.ofMillis(10));
        }
        waits.add(Duration.ofNanos(bench.loop.nanoTime() - begun));
        return condition.getAsBoolean();
    }

    private Duration waited() {
        return waits.stream().reduce(Duration.ZERO, Duration::plus);
    }

    private void turn() {
        pollLoop.turn();
        bench.loop.runAll();
    }

    /** Enough turns for a commit to be made and answered. */
    private void turns() {
        for (int i = 0; i < 4; i++) {
            turn();
            bench.advance(COMMIT_INTERVAL);
        }
    }

    private void assign(Integer... partitions) {
        source.assign(partitions);
        turn();
    }

    private static TaskRecord[] records(int partition, long from, long to) {
        List<TaskRecord> records = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            records.add(TaskRecord.at(partition, offset));
        }
        return records.toArray(TaskRecord[]::new);
    }

    private void succeed(long... offsets) {
        for (long offset : offsets) {
            bench.succeed(offset);
        }
    }

    private List<String> calls(String kind) {
        return source.calls().stream().filter(call -> call.startsWith(kind)).toList();
    }

    @Test
    void itGoesOnWhereTheGroupLeftOff() {
        source.write(records(0, 0, 5));
        source.committed(0, 3);

        assign(0);

        assertThat(source.calls()).contains("seek tasks-0 3");
        assertThat(bench.body.started()).containsExactly("tasks-0-3", "tasks-0-4");
        assertThat(pollLoop.status().partitions()).isEqualTo(1);
    }

    @Test
    void withNothingCommittedItStartsAtTheBeginning() {
        source.write(records(0, 0, 5));
        source.beginAt(0, 2);

        assign(0);

        assertThat(source.calls()).contains("seek tasks-0 2");
        assertThat(bench.body.started()).hasSize(3);
    }

    @Test
    void belowTheBeginningItStartsAtTheBeginning() {
        source.write(records(0, 0, 5));
        source.committed(0, 1);
        source.beginAt(0, 4);

        assign(0);

        assertThat(source.calls()).contains("seek tasks-0 4");
        assertThat(bench.body.started()).containsExactly("tasks-0-4");
    }

    @Test
    void aRevokedPartitionIsNotTakenBackWhileTheClientStillHasIt() {
        source.write(records(0, 0, 2));
        source.committed(0, 0);
        assign(0);
        succeed(0, 1);
        turns();

        source.revokeButKeepInAssignment(0);
        source.write(records(0, 2, 3));
        turns();

        assertThat(pollLoop.status().partitions()).isZero();
        assertThat(calls("seek")).containsExactly("seek tasks-0 0");
        assertThat(bench.body.started()).containsExactly("tasks-0-0", "tasks-0-1");

        source.loseSilently(0);
        turn();
        assign(0);

        assertThat(pollLoop.status().partitions()).isEqualTo(1);
        assertThat(bench.body.started()).endsWith("tasks-0-2");
    }

    @Test
    void anAssignmentWithoutACallbackIsNoticed() {
        source.write(records(0, 0, 2));
        source.committed(0, 1);
        source.assignSilently(0);

        turn();
        turn();

        assertThat(source.calls()).contains("seek tasks-0 1");
        assertThat(bench.body.started())
                .as("what was read before the seek is not run twice")
                .containsExactly("tasks-0-1");
    }

    @Test
    void aLookUpThatFailsIsMadeAgain() {
        source.write(records(0, 0, 2));
        source.committed(0, 1);
        source.failLookUp(new TimeoutException("no coordinator"));

        assign(0);
        turn();
        turn();

        assertThat(bench.body.started()).containsExactly("tasks-0-1");
    }

    @Test
    void itCommitsWhatIsSettledAtTheInterval() {
        source.write(records(0, 0, 3));
        assign(0);
        succeed(0, 2);
        turns();
        assertThat(source.committed(0)).isEqualTo(1);

        succeed(1);
        turns();
        assertThat(source.committed(0)).isEqualTo(3);
        assertThat(calls("commitAsync")).hasSize(2);
    }

    @Test
    void itDoesNotCommitMoreOftenThanTheInterval() {
        source.write(records(0, 0, 10));
        assign(0);
        for (int i = 0; i < 10; i++) {
            succeed(i);
            turn();
        }

        assertThat(calls("commitAsync")).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void oneCommitIsInFlightAtATime() {
        source.write(records(0, 0, 3));
        source.answerCommits(false);
        assign(0);
        succeed(0);
        turns();
        succeed(1);
        turns();
        assertThat(source.openCommits()).isEqualTo(1);

        source.answerCommits(true);
        turns();
        assertThat(source.committed(0)).isEqualTo(2);
    }

    @Test
    void aCommitThatFailsIsMadeAgain() {
        source.write(records(0, 0, 1));
        source.failCommits(() -> new TimeoutException("no coordinator"));
        assign(0);
        succeed(0);
        turns();
        assertThat(source.committed(0)).isEqualTo(-1);

        source.failCommits(null);
        turns();
        assertThat(source.committed(0)).isEqualTo(1);
    }

    @Test
    void aCommitThatCannotEvenBeSentIsMadeAgain() {
        source.write(records(0, 0, 1));
        assign(0);
        bench.advance(COMMIT_INTERVAL);
        source.throwAtCommit(new TimeoutException("no coordinator"));
        succeed(0);

        turns();

        assertThat(source.committed(0)).isEqualTo(1);
    }

    @Test
    void itCommitsItsOwnPositionWhenAllIsSettled() {
        source.write(records(0, 0, 2));
        source.endAt(0, 5);
        assign(0);
        succeed(0, 1);

        turns();

        assertThat(source.committed(0)).isEqualTo(5);
    }

    @Test
    void whatWaitsAtTheHeadOfAPartitionWithAFullMapDoesNotHoldUpWhatIsBehindIt() {
        long[] unsettled = LongStream.concat(
                        LongStream.range(0, 225), LongStream.range(0, 1_000).map(n -> 225 + 2 * n))
                .toArray();
        OffsetMap map = OffsetMap.of(0, unsettled, unsettled.length, 2_300);
        source.write(records(0, 0, 2_400));
        source.committed(FakeSource.id(0), new OffsetAndMetadata(0, map.metadata()));
        source.maxPollRecords(500);
        assign(0);

        for (int i = 0; i < 20; i++) {
            turn();
            bench.loop.on(() -> bench.body.running().stream()
                    .filter(run -> run.attempt().task.record.offset() >= 225)
                    .forEach(run -> run.succeed("done")));
        }

        assertThat(bench.body.running()).hasSize(225);
        assertThat(bench.body.started()).contains("tasks-0-2399");
    }

    @Test
    void aFloodIsReadOnWhileFiveThousandOfItAreOnTheirWayToTheOverflow() {
        source.write(records(0, 0, 12_000));
        source.maxPollRecords(500);
        bench.loop.on(() -> bench.dispatcher.pause(Set.of(TestSettings.TYPE)));
        bench.sink.hold();
        assign(0);
        for (int i = 0; i < 100; i++) {
            turn();
        }
        assertThat(bench.sink.open()).hasSizeBetween(5_000, 6_000);
        assertThat(source.paused()).containsExactly(0);

        bench.loop.on(bench.sink::letGo);
        for (int i = 0; i < 100; i++) {
            turn();
        }

        assertThat(bench.sink.written("tasks.overflow")).hasSizeGreaterThan(11_000);
        assertThat(bench.body.started()).isEmpty();
    }

    @Test
    void itPausesAPartitionWhoseWindowIsFullAndResumesItWhenAnEighthHasRoom() {
        source.write(records(0, 0, 2_000));
        source.write(records(1, 0, 1));
        assign(0, 1);
        turn();
        assertThat(source.paused()).containsExactly(0);
        int read = bench.body.started().size();
        turn();
        assertThat(bench.body.started()).hasSize(read);

        for (int i = 0; i < 200; i++) {
            succeed(i);
        }
        turn();
        assertThat(source.paused()).as("800 wait").containsExactly(0);

        for (int i = 200; i < 220; i++) {
            succeed(i);
        }
        turn();
        assertThat(source.paused()).isEmpty();
        turn();
        assertThat(bench.body.started()).hasSizeGreaterThan(read);
        assertThat(calls("pause")).as("pauses are round trips").hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void aPartitionThatHasRoomAgainInNoTimeIsNotPaused() {
        source.write(records(0, 0, 2_000));
        assign(0);
        int read = bench.body.started().size();
        bench.loop.after(
                Duration.ofMillis(5), () -> List.copyOf(bench.body.running()).forEach(run -> run.succeed("done")));

        turn();

        assertThat(bench.body.started()).hasSizeGreaterThan(read);
        assertThat(calls("pause")).isEmpty();
    }

    @Test
    void itPausesAPartitionThatHoldsTooManyBytes() {
        String large = "\"" + "x".repeat(10 << 20) + "\"";
        for (int i = 0; i < 8; i++) {
            source.write(TaskRecord.at(i).value(large));
        }
        source.write(records(0, 8, 10));
        source.maxPollRecords(1);
        assign(0);
        for (int i = 0; i < 10; i++) {
            turn();
        }

        assertThat(source.paused()).containsExactly(0);
        assertThat(bench.body.started()).hasSize(7);
    }

    @Test
    void itTakesNothingMoreWhenToldButGoesOnCommitting() {
        source.write(records(0, 0, 2));
        assign(0);
        pollLoop.stopTaking();
        turn();
        source.write(records(0, 2, 4));
        succeed(0, 1);

        turns();

        assertThat(source.paused()).containsExactly(0);
        assertThat(bench.body.started()).hasSize(2);
        assertThat(source.committed(0)).isEqualTo(2);
    }

    @Test
    void itPollsMoreOftenWhileTasksAreUnsettled() {
        source.write(records(0, 0, 1));
        assign(0);
        turn();
        Duration busy = source.lastPollTimeout();
        succeed(0);
        turn();

        assertThat(source.lastPollTimeout()).isGreaterThan(busy);
    }

    @Test
    void aRevocationWaitsForWhatRunsThenCommitsAndOnlyThenReturns() {
        source.write(records(0, 0, 3));
        assign(0);
        succeed(0);
        bench.sink.hold();
        succeed(1);
        whileWaiting = () -> {
            assertThat(calls("commitSync")).isEmpty();
            bench.advance(Duration.ofSeconds(1));
            succeed(2);
            bench.advance(Duration.ofSeconds(1));
            bench.loop.on(bench.sink::letGo);
        };
        source.revoke(0);

        turn();

        assertThat(calls("commitSync")).containsExactly("commitSync {tasks-0=3}");
        assertThat(source.committed(0)).isEqualTo(3);
        assertThat(pollLoop.status().partitions()).isZero();
    }

    /** The callback took longer than the client's assignment is believed to lag behind it. */
    @Test
    void afterALongHandoverAPartitionThatTheClientStillHasIsNotTakenBack() {
        source.write(records(0, 0, 1));
        assign(0);
        bench.sink.hold();
        succeed(0);
        source.revoke(0);
        turn();
        assertThat(waited()).isEqualTo(HANDOVER_AT_MOST);
        assertThat(source.assignment()).hasSize(1);

        assertThat(pollLoop.status().partitions()).isZero();
        assertThat(calls("seek")).hasSize(1);
    }

    @Test
    void aRevocationDoesNotWaitForTasksThatHaveNotStarted() {
        source.write(records(0, 0, 3));
        assign(0);
        source.write(TaskRecord.at(0, 3).notBefore(bench.loop.now().plus(TestSettings.IN_MEMORY)));
        turn();
        succeed(0, 1, 2);
        source.revoke(0);

        turn();

        assertThat(waits.get(0)).isLessThan(Duration.ofSeconds(1));
        assertThat(source.committed(0)).isEqualTo(3);
    }

    @Test
    void aRevocationCancelsWhatRunsTooLongAndLeavesItUncommitted() {
        source.write(records(0, 0, 3));
        assign(0);
        succeed(0, 2);
        bench.body
                .run(1)
                .attempt()
                .cancelled()
                .onSuccess(cancelled -> bench.body.run(1).fail(new IllegalStateException("cancelled")));
        source.revoke(0);

        turn();

        assertThat(source.committed(0)).isEqualTo(1);
        assertThat(waits.get(0)).isLessThan(TestSettings.HANDOVER_TIMEOUT.plusSeconds(1));
    }

    @Test
    void aRevocationGivesUpBeforeTheGroupWouldExpelThisMember() {
        source.write(records(0, 0, 2));
        assign(0);
        bench.sink.hold();
        succeed(0, 1);
        source.revoke(0);

        turn();

        assertThat(waited()).isEqualTo(HANDOVER_AT_MOST);
        assertThat(source.committed(0)).isZero();
        assertThat(pollLoop.status().partitions()).isZero();
        assertThat(pollLoop.status().overlaps()).isEqualTo(1);
    }

    @Test
    void aRevocationThatHoldsOnToACallLetsGoWhenTheConsumerStops() {
        source.write(records(0, 0, 1));
        assign(0);
        whileWaiting = pollLoop::stop;

        source.revoke(0);
        turn();

        assertThat(waits).containsExactly(Duration.ZERO);
        assertThat(bench.dispatcher.status(pollLoop.status()).inFlight()).isEqualTo(1);
    }

    @Test
    void whatEndsAfterARevocationHasGivenUpIsNotSettled() {
        source.write(records(0, 0, 1));
        assign(0);
        bench.sink.hold();
        succeed(0);
        source.revoke(0);
        turn();
        source.assign(0);
        turn();

        bench.loop.on(bench.sink::acknowledge);
        turns();

        assertThat(source.committed(0))
                .as("the new life of the partition knows nothing of it")
                .isZero();
        assertThat(bench.body.started()).hasSize(2);
    }

    @Test
    void otherPartitionsKeepTheirTasksThroughARevocation() {
        source.write(records(0, 0, 1));
        source.write(records(1, 0, 1));
        assign(0, 1);
        succeed(0);
        source.revoke(0);
        turn();

        bench.loop.on(() -> bench.body.run(1, 0).succeed("done"));
        turns();

        assertThat(source.committed(1)).isEqualTo(1);
    }

    @Test
    void aRevocationWhoseCommitFailsLetsGoAllTheSame() {
        source.write(records(0, 0, 1));
        assign(0);
        succeed(0);
        source.failCommits(CommitFailedException::new);
        source.revoke(0);

        turn();

        assertThat(pollLoop.status().partitions()).isZero();
    }

    @Test
    void lostPartitionsAreCancelledAndNothingOfThemIsCommitted() {
        source.write(records(0, 0, 2));
        assign(0);
        succeed(0);
        source.lose(0);
        turn();
        bench.advance(Duration.ofMillis(10));

        assertThat(bench.body.run(1).attempt().cancelled().isComplete()).isTrue();
        bench.succeed(1);
        turns();
        assertThat(source.committed(0)).isEqualTo(-1);
        assertThat(calls("commit")).isEmpty();
    }

    @Test
    void aPartitionThatGoesWithoutACallbackIsNoticed() {
        source.write(records(0, 0, 1));
        assign(0);
        source.loseSilently(0);

        turn();
        bench.advance(Duration.ofMillis(10));

        assertThat(pollLoop.status().partitions()).isZero();
        assertThat(bench.body.run(0).attempt().cancelled().isComplete()).isTrue();
    }

    @Test
    void aPartitionThatGoesWithoutACallbackWhileThePollFailsDoesNotEndTheLoop() {
        source.write(records(0, 0, 1_000));
        source.maxPollRecords(1_000);
        assign(0);
        assertThat(source.paused()).containsExactly(0);
        for (int offset = 0; offset < 1_000; offset++) {
            succeed(offset);
        }
        source.loseSilently(0);
        source.failPoll(new TimeoutException("away"));

        turn();
        turn();

        assertThat(pollLoop.status().partitions()).isZero();
    }

    @Test
    void aPartitionThatComesBackAfterALossNobodySpokeOfStartsAfresh() {
        source.write(records(0, 0, 3));
        source.committed(0, 0);
        assign(0);
        succeed(1);
        source.loseSilently(0);
        source.assign(0);
        turn();

        assertThat(source.calls().stream().filter("seek tasks-0 0"::equals)).hasSize(2);
        bench.advance(Duration.ofMillis(10));
        succeed(0, 2);
        turns();
        assertThat(source.committed(0))
                .as("the first tasks are of the old life")
                .isLessThanOrEqualTo(3);
        assertThat(bench.body.started()).hasSize(6);
    }

    @Test
    void aLateAnswerToACommitOfAnEarlierLifeChangesNothing() {
        source.write(records(0, 0, 3));
        source.committed(0, 0);
        source.answerCommits(false);
        assign(0);
        succeed(0, 1, 2);
        bench.advance(COMMIT_INTERVAL);
        turn();
        source.lose(0);
        source.assign(0);
        turn();

        source.answerLate();
        source.answerCommits(true);
        succeed(0);
        turns();

        assertThat(source.committed(0)).isEqualTo(1);
    }

    @Test
    void aPositionThatNoLongerExistsIsLookedUpAgain() {
        source.write(records(0, 0, 10));
        source.maxPollRecords(2);
        assign(0);
        source.beginAt(0, 5);
        source.failPoll(outOfRange(2));
        turn();
        source.maxPollRecords(500);
        turn();

        assertThat(source.calls()).contains("seek tasks-0 5");
        assertThat(bench.body.started()).contains("tasks-0-5", "tasks-0-9");
    }

    @Test
    void aPositionThatIsLookedUpAgainIsNotLeftPaused() {
        source.write(records(0, 0, 2_000));
        assign(0);
        turn();
        assertThat(source.paused()).containsExactly(0);
        source.beginAt(0, 1_500);
        source.failPoll(outOfRange(1_000));
        turn();
        bench.advance(Duration.ofMillis(10));
        turn();

        assertThat(source.paused()).isEmpty();
        assertThat(bench.body.started()).contains("tasks-0-1500");
    }

    @Test
    void aLookUpThatFailsAfterAPositionWasLostIsMadeAgain() {
        source.write(records(0, 0, 10));
        assign(0);
        source.beginAt(0, 10);
        source.write(records(0, 10, 11));
        source.failPoll(outOfRange(10));
        source.failLookUp(new TimeoutException("no coordinator"));

        turn();
        turn();
        turn();

        assertThat(bench.body.started()).contains("tasks-0-10");
    }

    @Test
    void aCommitBeyondTheEndOfATruncatedLogDoesNotSendItRoundInCircles() {
        source.write(records(0, 0, 3));
        source.committed(0, 500);
        assign(0);
        source.failPoll(outOfRange(500));

        turn();
        turn();

        assertThat(bench.body.started()).containsExactly("tasks-0-0", "tasks-0-1", "tasks-0-2");
    }

    private static OffsetOutOfRangeException outOfRange(long offset) {
        return new OffsetOutOfRangeException("out of range", Map.of(FakeSource.id(0), offset));
    }

    @Test
    void aBrokerThatDoesNotAnswerEndsNothing() {
        source.write(records(0, 0, 1));
        assign(0);
        succeed(0);
        source.failPoll(new TimeoutException("away"));
        turns();

        assertThat(source.committed(0)).isEqualTo(1);
    }

    @Test
    void whatTimeDoesNotHealEndsTheLoop() {
        source.failPoll(new AuthorizationException("not allowed"));

        assertThatThrownBy(pollLoop::turn).isInstanceOf(AuthorizationException.class);
    }

    @Test
    void closingCommitsAndLeavesTheGroup() {
        source.write(records(0, 0, 2));
        assign(0);
        succeed(0, 1);

        pollLoop.close(true);

        assertThat(source.committed(0)).isEqualTo(2);
        assertThat(source.calls()).endsWith("close", "left");
    }

    @Test
    void closingAfterAFailureWaitsForWhatRuns() {
        source.write(records(0, 0, 1));
        assign(0);
        whileWaiting = () -> bench.succeed(0);

        pollLoop.close(false);

        assertThat(waits).hasSize(1);
        assertThat(source.committed(0)).isEqualTo(1);
    }

    @Test
    void closingAfterADrainDoesNotWaitForABrokerThatDoesNotAnswer() {
        source.write(records(0, 0, 1));
        assign(0);
        bench.sink.hold();
        succeed(0);
        pollLoop.stopTaking();
        assertThat(bench.drain(Duration.ofSeconds(1)).isComplete()).isTrue();

        pollLoop.close(true);

        assertThat(waits).allMatch(wait -> wait.compareTo(Duration.ofSeconds(1)) < 0);
        assertThat(source.calls()).endsWith("left");
        assertThat(source.committed(0)).isEqualTo(-1);
    }

    @Test
    void recordsOfAPartitionThatIsNotOwnedAreIgnored() {
        source.bring(TaskRecord.at(7, 0));

        turn();

        assertThat(bench.body.started()).isEmpty();
        assertThat(pollLoop.status().partitions()).isZero();
    }
}
