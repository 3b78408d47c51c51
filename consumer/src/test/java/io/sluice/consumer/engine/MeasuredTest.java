package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.PermanentFailure;
import io.sluice.settings.Limits;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** What a consumer counts and times, and where it says its partitions stand. */
class MeasuredTest {
    private final PollBench poll = new PollBench();
    private final Bench bench = poll.bench;

    private Measured measured() {
        return Measured.of(bench.dispatcher, poll.pollLoop);
    }

    private PartitionStatus partition(TopicPartition id) {
        return measured().partitions().stream()
                .filter(each -> each.partition().equals(id))
                .findAny()
                .orElseThrow();
    }

    private TypeStatus.Outcomes outcomes() {
        return bench.status(TestSettings.TYPE).attempts().outcomes();
    }

    @Test
    void aPartitionsLagGoesFromItsFirstUnsettledRecordToTheEndOfItsLog() {
        Instant written = bench.loop.now().minusSeconds(7);
        poll.source.maxPollRecords(4);
        for (long offset = 0; offset < 10; offset++) {
            poll.source.write(TaskRecord.at(offset).writtenAt(written.plusSeconds(offset)));
        }
        poll.assign(0);
        bench.advance(Duration.ofSeconds(1));
        poll.source.maxPollRecords(0);
        poll.turn();
        poll.succeed(0, 2);
        bench.advance(Duration.ofSeconds(1));
        poll.turn();

        PartitionStatus status = partition(PollBench.id(TestSettings.TOPIC, 0));

        assertThat(status.span()).isEqualTo(3);
        assertThat(status.unread()).isEqualTo(6);
        assertThat(status.lag()).isEqualTo(9);
        assertThat(status.oldestMillis()).isEqualTo(written.plusSeconds(1).toEpochMilli());
        assertThat(measured().partitions()).hasSize(7);
    }

    @Test
    void whatRestsInATierIsDelayedAndThenDue() {
        poll.assign(0);
        Instant now = bench.loop.now();
        poll.source.write(
                TaskRecord.at(0).topic(PollBench.TIER).writtenAt(now.minusSeconds(5)),
                TaskRecord.at(1).topic(PollBench.TIER).writtenAt(now));
        poll.pass(Duration.ofSeconds(2));

        assertThat(partition(PollBench.id(PollBench.TIER, 0)).resting()).isEqualTo(2);

        poll.pass(Duration.ofSeconds(5));
        assertThat(partition(PollBench.id(PollBench.TIER, 0)).resting()).isEqualTo(1);
    }

    @Test
    void aTaskWhoseTimeHasComeIsDueUntilItStarts() {
        Bench narrow = new Bench(new Limits(1, 1));
        Instant due = narrow.loop.now().plusSeconds(5);
        narrow.feed(
                narrow.partition(0),
                TaskRecord.at(0),
                TaskRecord.at(1),
                TaskRecord.at(2).notBefore(due));
        narrow.advance(Duration.ofSeconds(4));
        assertThat(narrow.status().tasks().due()).isZero();

        narrow.advance(Duration.ofSeconds(2));
        assertThat(narrow.status().tasks().due()).isEqualTo(1);

        narrow.succeed(0);
        narrow.succeed(1);
        assertThat(narrow.status().tasks().due()).isZero();
    }

    @Test
    void commitsAndTheOffsetsThatTheyPassAreCounted() {
        poll.assign(0);
        poll.source.write(PollBench.records(0, 3));
        poll.turn();
        poll.source.failCommits(() -> new TimeoutException("no answer"));
        poll.succeed(0);
        poll.turns();
        poll.source.failCommits(null);
        poll.turns();
        poll.succeed(1, 2);
        poll.turns();

        GroupTotals totals = measured().totals();

        assertThat(totals.offsets()).containsEntry(TestSettings.TOPIC, 3L);
        assertThat(totals.commits()).isGreaterThanOrEqualTo(2);
        assertThat(totals.failedCommits()).isPositive();
        assertThat(bench.timings.heard("committed")).hasSize((int) (totals.commits() + totals.failedCommits()));
    }

    @Test
    void rebalancesAreCountedByKindAndHandoversTimed() {
        poll.assign(0, 1);
        poll.source.write(PollBench.records(0, 1));
        poll.turn();
        poll.source.revoke(0);
        poll.turn();
        poll.source.lose(1);
        poll.turn();

        assertThat(measured().totals().rebalances()).isEqualTo(new GroupTotals.Rebalances(1, 1, 1));
        // The task is cancelled after the handover timeout, and stuck until it ends.
        assertThat(bench.timings.heard("handed over")).containsExactly("handed over 120000 ms");
    }

    @Test
    void attemptsAreCountedByWhatTheyCameTo() {
        poll.assign(0);
        poll.source.write(PollBench.records(0, 5));
        poll.turn();
        poll.succeed(0);
        bench.fail(1, new PermanentFailure("no"));
        bench.fail(2, new IllegalStateException("again"));
        assertThat(outcomes()).isEqualTo(new TypeStatus.Outcomes(1, 2, 0, 0));

        bench.advance(TestSettings.BACKOFF);
        poll.succeed(2);
        assertThat(outcomes()).isEqualTo(new TypeStatus.Outcomes(2, 2, 0, 0));

        bench.advance(TestSettings.TIMEOUT);
        bench.fail(3, new IllegalStateException("stopped"));
        assertThat(outcomes()).isEqualTo(new TypeStatus.Outcomes(2, 2, 1, 0));

        // Stuck: it counts when that is found out, and not again when it ends after all.
        bench.advance(TestSettings.STOP_GRACE);
        assertThat(outcomes()).isEqualTo(new TypeStatus.Outcomes(2, 2, 2, 0));
        poll.succeed(4);
        assertThat(outcomes()).isEqualTo(new TypeStatus.Outcomes(2, 2, 2, 0));
    }

    @Test
    void whatAHandoverCancelsIsCountedAsCancelled() {
        poll.assign(0);
        poll.source.write(PollBench.records(0, 1));
        poll.turn();
        bench.lose(poll.pollLoop.positions().get(0).owned());
        bench.fail(0, new IllegalStateException("stopped"));

        assertThat(outcomes()).isEqualTo(new TypeStatus.Outcomes(0, 0, 0, 1));
    }

    @Test
    void anAttemptsWaitForItsPermitAndItsRunAreTimed() {
        Bench narrow = new Bench(new Limits(1, 1));
        narrow.feed(narrow.partition(0), TaskRecord.at(0), TaskRecord.at(1));
        narrow.advance(Duration.ofSeconds(2));
        narrow.succeed(0);
        narrow.advance(Duration.ofSeconds(1));
        narrow.succeed(1);

        assertThat(narrow.timings.heard("queued")).containsExactly("queued work 0 ms", "queued work 2000 ms");
        assertThat(narrow.timings.heard("ran")).containsExactly("ran work 2000 ms", "ran work 1000 ms");
    }

    @Test
    void aPollsGapGoesFromItsBeginningToTheNextOnes() {
        poll.turn();
        bench.advance(Duration.ofMillis(250));
        poll.turn();

        assertThat(bench.timings.heard("polled")).endsWith("polled 250 ms");
    }

    @Test
    void aListenerThatThrowsBreaksNothing() {
        bench.timings.fail(new IllegalStateException("a bug of the metrics"));
        poll.assign(0);
        poll.source.write(PollBench.records(0, 2));
        poll.turn();
        poll.succeed(0, 1);
        poll.turns();

        assertThat(poll.source.committed(0)).isEqualTo(2);
        assertThat(bench.timings.heard("ran")).hasSize(2);
        assertThat(bench.timings.heard("committed")).isNotEmpty();
    }
}
