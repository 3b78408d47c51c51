package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.junit.jupiter.api.Test;

/** A consumer that may have been expelled from its group starts nothing. */
class FenceTest {
    private static final Duration FROZEN = TestSettings.FENCE_AFTER.plusSeconds(1);

    private final PollBench bench = new PollBench();
    private final FakeSource source = bench.source;

    /** Time passes, and the poll thread does not turn. */
    private void freezeAndWakeUp() {
        bench.bench.advance(FROZEN);
    }

    @Test
    void aFrozenConsumerStartsNothingWhenItWakesUp() {
        source.write(TaskRecord.at(0).key("a"));
        bench.assign(0);
        bench.turns();
        source.failCommits(CommitFailedException::new);
        freezeAndWakeUp();
        source.write(TaskRecord.at(1).key("b"));

        bench.turns();

        assertThat(bench.started()).containsExactly("tasks-0-0");
        assertThat(bench.bench.fence.isOpen()).isFalse();
    }

    @Test
    void itGoesOnWhenACommitIsAcknowledged() {
        bench.assign(0);
        freezeAndWakeUp();
        source.write(TaskRecord.at(0));
        bench.turn();
        assertThat(bench.started()).isEmpty();

        bench.turns();

        assertThat(bench.started()).containsExactly("tasks-0-0");
    }

    @Test
    void anAnswerThatWaitedForItToWakeUpOpensNothing() {
        source.write(TaskRecord.at(0));
        bench.assign(0);
        bench.succeed(0);
        source.answerCommits(false);
        bench.turns();
        assertThat(source.openCommits()).isEqualTo(1);
        freezeAndWakeUp();
        source.write(TaskRecord.at(1));
        source.answerLate();

        bench.turn();

        assertThat(bench.started()).containsExactly("tasks-0-0");
    }

    @Test
    void anAssignmentThatWaitedForItToWakeUpOpensNothing() {
        source.write(TaskRecord.at(0));
        bench.turn();
        source.assign(0);
        freezeAndWakeUp();
        source.failCommits(CommitFailedException::new);

        bench.turn();

        assertThat(bench.pollLoop.status().partitions()).isEqualTo(1);
        assertThat(bench.started()).isEmpty();
    }

    @Test
    void anIdleConsumerGoesOnProvingThatItIsAMember() {
        bench.assign(0);
        bench.pass(TestSettings.FENCE_AFTER.multipliedBy(3));

        assertThat(bench.bench.fence.isOpen()).isTrue();
        assertThat(bench.calls("commitAsync")).hasSizeBetween(8, 10);
        assertThat(bench.committed().offset()).isZero();
    }

    @Test
    void aConsumerWhoseCommitsAreNotAcknowledgedStopsStarting() {
        bench.assign(0);
        source.answerCommits(false);
        bench.pass(FROZEN);
        source.write(TaskRecord.at(0));
        bench.turns();
        assertThat(bench.started()).isEmpty();

        source.answerCommits(true);
        bench.turns();
        assertThat(bench.started()).hasSize(1);
    }

    @Test
    void aConsumerThatOwnsNothingNeedsNoProof() {
        bench.pass(FROZEN);
        source.write(TaskRecord.at(0));

        bench.assign(0);

        assertThat(bench.started()).hasSize(1);
        assertThat(bench.calls("commit")).isEmpty();
    }

    @Test
    void aLongHandoverDoesNotShutIt() {
        source.write(TaskRecord.at(0, 0), TaskRecord.at(1, 0));
        bench.assign(0, 1);
        source.revoke(0);
        source.write(TaskRecord.at(1, 1));

        bench.turns();

        assertThat(bench.calls("commitSync"))
                .as("two minutes, a proof each fifteen seconds")
                .hasSizeBetween(7, 9);
        assertThat(bench.started()).contains("tasks-1-1");
    }
}
