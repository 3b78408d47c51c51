package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.PermanentFailure;
import io.sluice.record.HeaderNames;
import io.sluice.settings.Limits;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

/** Copies of a task that is here or has ended here are dropped, and no task is the fewer for that. */
class CopiesTest {
    private static final int ORIGIN = 7;

    private final Bench bench = new Bench(new Limits(10, 10));
    private final OwnedPartition partition = bench.partition(0);

    @Test
    void aCopyOfATaskThatIsHereIsDroppedAndCounted() {
        List<Task> tasks =
                bench.feed(partition, original(ORIGIN), copy(0, ORIGIN, 1), copy(1, ORIGIN, 2), copy(2, 8, 1));

        assertThat(bench.body.started()).hasSize(2);
        assertThat(tasks)
                .extracting(Task::end)
                .containsExactly(Task.End.OPEN, Task.End.SETTLED, Task.End.SETTLED, Task.End.OPEN);
        assertThat(bench.sink.sends()).isZero();
        assertThat(bench.status().moves().duplicates()).isEqualTo(2);
    }

    @Test
    void anOriginalIsNeverDropped() {
        bench.feed(partition, copy(0, ORIGIN, 1), original(ORIGIN));

        assertThat(bench.body.started()).hasSize(2);
        assertThat(bench.status().moves().duplicates()).isZero();
    }

    @Test
    void anOriginalThatComesBehindItsCopyRunsButItsOwnCopyDoesNot() {
        bench.feed(partition, copy(0, ORIGIN, 1), original(ORIGIN).header(HeaderNames.NOT_BEFORE, later()));
        assertThat(bench.sink.sends()).isEqualTo(1);

        bench.feed(partition, copy(1, ORIGIN, 1));

        assertThat(bench.body.started()).hasSize(1);
        assertThat(bench.status().moves().duplicates()).isEqualTo(1);
    }

    @Test
    void aCopyOfAnotherTaskThatWasAtThatOffsetRuns() {
        bench.feed(partition, original(ORIGIN), original(8));
        bench.succeed(8);

        bench.feed(
                partition,
                copy(0, ORIGIN, 1).header("sluice-id", "of an older topic"),
                copy(1, 8, 1).header("sluice-origin-timestamp", "1700000000000"),
                copy(2, ORIGIN, 1).value("{\"of\":\"a mirrored topic\"}"));

        assertThat(bench.body.started()).hasSize(5);
        assertThat(bench.status().moves().duplicates()).isZero();
    }

    @Test
    void aForgedCopySwallowsNoOthersTask() {
        bench.feed(partition, copy(0, 100, 1).header("sluice-id", "mallory").value("{}"));
        bench.loop.on(() -> bench.body.running().forEach(run -> run.succeed("done")));

        bench.feed(partition, original(100), original(101).header(HeaderNames.NOT_BEFORE, later()));
        bench.feed(partition, copy(1, 101, 1).header("sluice-id", "mallory").value("{}"));
        bench.advance(Duration.ofMinutes(1));
        bench.feed(partition, copy(2, 101, 1));

        assertThat(bench.status().moves().duplicates()).isZero();
        assertThat(bench.body.started()).hasSize(4);
    }

    @Test
    void aCopyOfATaskThatHasEndedIsDropped() {
        bench.feed(partition, original(ORIGIN), original(8));
        bench.succeed(ORIGIN);
        bench.fail(8, new PermanentFailure("no such order"));

        bench.feed(partition, copy(0, ORIGIN, 1), copy(1, 8, 3));

        assertThat(bench.body.started()).hasSize(2);
        assertThat(bench.status().moves().duplicates()).isEqualTo(2);
    }

    @Test
    void theCopyOfATaskThatMovesIsTheTaskFromThenOn() {
        bench.sink.hold();
        bench.feed(partition, original(ORIGIN).header(HeaderNames.NOT_BEFORE, later()));
        assertThat(bench.sink.sends()).isEqualTo(1);

        // The write is there, and nobody has said so yet.
        bench.feed(partition, copy(0, ORIGIN, 1));

        assertThat(bench.body.started()).hasSize(1);
        assertThat(bench.status().moves().duplicates()).isZero();
    }

    @Test
    void ofACopyThatIsThereTwiceOneGoesOnWhicheverMovesFirst() {
        bench.feed(partition, copy(0, ORIGIN, 1).header(HeaderNames.NOT_BEFORE, later()));
        bench.feed(partition, copy(1, ORIGIN, 1));
        bench.feed(partition, copy(2, ORIGIN, 2));

        assertThat(bench.body.started()).hasSize(1);
        assertThat(bench.status().moves().duplicates()).isEqualTo(1);
    }

    @Test
    void aTaskThatIsTooLargeToMoveIsHereStill() {
        bench.sink.refuse(
                record -> record.topic().startsWith("tasks.delay") ? new RecordTooLargeException("too large") : null);
        bench.feed(partition, original(ORIGIN).header(HeaderNames.NOT_BEFORE, later()));

        bench.feed(partition, copy(0, ORIGIN, 1));

        assertThat(bench.body.started()).isEmpty();
        assertThat(bench.status().moves().duplicates()).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadEndsNoOthersTask() {
        bench.feed(partition, copy(0, ORIGIN, 1).header("ce_specversion", "banana"));
        assertThat(bench.reasons()).containsExactly("undecodable");

        bench.feed(partition, original(ORIGIN));

        assertThat(bench.body.started()).hasSize(1);
    }

    @Test
    void aDeadLetterThatIsSentAgainTwiceRunsTwice() {
        bench.feed(
                partition,
                copy(0, ORIGIN, 0).header("sluice-reason", "exhausted"),
                copy(1, ORIGIN, 0).header("sluice-reason", "exhausted"));

        assertThat(bench.body.started()).hasSize(2);
    }

    @Test
    void whatIsReadAgainAfterItsPartitionCameBackIsNoDuplicate() {
        bench.feed(partition, copy(0, ORIGIN, 1));
        bench.lose(partition);

        bench.feed(bench.partition(0), copy(0, ORIGIN, 1));

        assertThat(bench.status().moves().duplicates()).isZero();
        assertThat(bench.body.started()).hasSize(2);
    }

    @Test
    void whatEndedLongAgoIsForgotten() {
        bench.feed(partition, original(ORIGIN));
        bench.succeed(ORIGIN);
        for (long page = 1; page <= 128; page++) {
            bench.feed(partition, original(ORIGIN + (page << 10)));
        }

        bench.feed(partition, copy(0, ORIGIN, 1));

        assertThat(bench.status().moves().duplicates()).isZero();
    }

    private String later() {
        return bench.loop.now().plus(Duration.ofMinutes(1)).toString();
    }

    private static TaskRecord original(long offset) {
        return TaskRecord.at(0, offset);
    }

    private static TaskRecord copy(long offset, long origin, int moves) {
        return TaskRecord.at(0, offset)
                .topic("tasks.overflow")
                .header("sluice-id", "tasks-0-" + origin)
                .header("sluice-origin-topic", "tasks")
                .header("sluice-origin-partition", "0")
                .header("sluice-origin-offset", Long.toString(origin))
                .header("sluice-origin-timestamp", "0")
                .header("sluice-moves", Integer.toString(moves));
    }
}
