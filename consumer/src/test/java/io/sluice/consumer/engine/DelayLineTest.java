package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Tasks of a delay tier rest for its length, from when they were written, and then run. */
class DelayLineTest {
    private static final Duration LENGTH = Duration.ofSeconds(10);

    private final PollBench bench = new PollBench();
    private final FakeSource source = bench.source;

    private Instant now() {
        return bench.bench.loop.now();
    }

    private static TaskRecord delayed(long offset, Instant written) {
        return TaskRecord.at(offset).topic(PollBench.TIER).writtenAt(written);
    }

    private static String id(long offset) {
        return PollBench.TIER + "-0-" + offset;
    }

    @Test
    void aTaskRestsForTheLengthOfItsTier() {
        source.write(delayed(0, now()));
        bench.assign(0);

        bench.pass(LENGTH.minusMillis(200));
        assertThat(bench.started()).isEmpty();

        bench.pass(Duration.ofMillis(200));
        assertThat(bench.started()).containsExactly(id(0));
    }

    @Test
    void whatItRestedBeforeItWasReadCounts() {
        source.write(delayed(0, now().minusSeconds(9)), delayed(1, now().minusSeconds(8)));
        bench.assign(0);
        assertThat(bench.started()).isEmpty();

        bench.pass(Duration.ofSeconds(1));

        assertThat(bench.started()).containsExactly(id(0));
    }

    @Test
    void aTaskIsHandedOverWhenItIsDueIfThatIsSooner() {
        source.write(delayed(0, now()).header("sluice-due", now().plusSeconds(3).toString()));
        source.write(
                delayed(1, now()).header("sluice-due", now().plusSeconds(18).toString()));
        bench.assign(0);

        bench.pass(Duration.ofSeconds(3));
        assertThat(bench.started()).containsExactly(id(0));

        bench.pass(LENGTH);
        assertThat(bench.pollLoop.oldest())
                .extracting(task -> task.record.offset())
                .contains(1L);
    }

    @Test
    void anUnreadableDueTimeIsADeadLetterAtOnce() {
        source.write(delayed(0, now()).header("sluice-due", "tomorrow"));

        bench.assign(0);

        assertThat(bench.bench.reasons()).containsExactly("undecodable");
    }

    @Test
    void aRecordFromTheFutureHoldsUpNobodyForLongerThanTheTier() {
        source.write(delayed(0, now().plus(Duration.ofDays(10_000))), delayed(1, now()));
        bench.assign(0);

        bench.pass(LENGTH);

        assertThat(bench.started()).containsExactly(id(0), id(1));
    }

    @Test
    void aPollEndsWhenTheNextTaskIsDue() {
        source.write(delayed(0, now()));
        bench.assign(0);
        bench.bench.advance(LENGTH.minusMillis(30));
        bench.turn();

        assertThat(source.lastPollTimeout()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void whileItsTasksRestThePollLoopIsIdle() {
        source.write(delayed(0, now()));
        bench.assign(0);
        bench.turn();

        assertThat(source.lastPollTimeout()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void tasksThatRestAreUncommittedAndNeedNoMap() {
        source.write(delayed(0, now().minusSeconds(60)), delayed(1, now()), delayed(2, now()));
        bench.assign(0);
        bench.bench.loop.on(() -> bench.bench.body.run(id(0)).succeed("done"));
        bench.turns();

        assertThat(source.committed(PollBench.id(PollBench.TIER, 0)))
                .isNotNull()
                .satisfies(commit -> {
                    assertThat(commit.offset()).isEqualTo(1);
                    assertThat(commit.metadata()).isEmpty();
                });
    }

    @Test
    void aRevocationWaitsForNoneThatRests() {
        source.write(delayed(0, now()));
        bench.assign(0);
        Instant before = now();
        source.revoke(0);

        bench.turn();

        assertThat(now()).isBefore(before.plusSeconds(1));
        assertThat(bench.pollLoop.status().partitions()).isZero();
        bench.pass(LENGTH);
        assertThat(bench.started()).isEmpty();
    }

    @Test
    void whoTakesNothingMoreHandsOverNothingMore() {
        source.write(delayed(0, now()));
        bench.assign(0);
        bench.pollLoop.stopTaking();

        bench.pass(LENGTH);

        assertThat(bench.started()).isEmpty();
    }

    @Test
    void theWindowBoundsWhatRests() {
        for (int offset = 0; offset < 3_000; offset++) {
            source.write(delayed(offset, now()));
        }
        bench.assign(0);
        bench.turns();

        assertThat(source.isPaused(PollBench.id(PollBench.TIER, 0))).isTrue();
        assertThat(source.isPaused(FakeSource.id(0))).isFalse();
        bench.pass(LENGTH);
        assertThat(bench.started()).hasSizeBetween(901, 1_400);
    }
}
