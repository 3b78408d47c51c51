package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.settings.Limits;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Partitions that are not fetched for a while. The shortest tier is ten seconds long. */
class NapsTest {
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration AWAKE = PollBench.FETCH_MAX_WAIT.multipliedBy(2);

    /** So long the overflow topic is read when a partition has come. */
    private static final Duration SETTLED_IN = Duration.ofSeconds(15).plus(STEP);

    private static final TopicPartition TIER = PollBench.id(PollBench.TIER, 0);
    private static final TopicPartition LONGEST =
            PollBench.id(PollBench.TOPICS.delays().get(4).topic(), 0);

    private static final TopicPartition OVERFLOW = PollBench.id(PollBench.TOPICS.overflow(), 0);

    private final PollBench bench = new PollBench(
            new FakeSource(PollBench.TOPICS.read()), new Bench(new Limits(10_000, 2), TestSettings.FENCE_AFTER));
    private final FakeSource source = bench.source;
    private long offset;

    NapsTest() {
        bench.assign(0);
    }

    /** A record comes with every poll, a hundred times a second. */
    private void busy(Duration time) {
        for (long steps = time.dividedBy(STEP); steps > 0; steps--) {
            source.write(TaskRecord.at(offset));
            bench.turn();
            bench.succeed(offset++);
            bench.bench.advance(STEP);
        }
    }

    private List<TopicPartition> paused() {
        return PollBench.TOPICS.read().stream()
                .map(topic -> PollBench.id(topic, 0))
                .filter(source::isPaused)
                .toList();
    }

    private static List<TopicPartition> tiers() {
        return PollBench.TOPICS.delays().stream()
                .map(tier -> PollBench.id(tier.topic(), 0))
                .toList();
    }

    private void flood() {
        for (int i = 0; i < Window.records(500) / 2; i++) {
            source.write(TaskRecord.at(offset++).key("flooding"));
        }
        bench.turn();
    }

    @Test
    void whileRecordsComeOftenWhatIsEmptyIsLeft() {
        busy(AWAKE.plus(STEP));

        assertThat(paused()).containsExactlyInAnyOrderElementsOf(tiers());

        busy(SETTLED_IN.minus(AWAKE));
        assertThat(paused()).contains(OVERFLOW);
    }

    @Test
    void aPartitionThatComesIsReadUntilItIsKnownWhatAnEarlierOwnerHasMovedToItsOverflow() {
        busy(SETTLED_IN);
        assertThat(source.isPaused(OVERFLOW)).isTrue();
        source.revoke(0);
        bench.turn();
        bench.assign(0);

        busy(Duration.ofSeconds(14));
        assertThat(source.isPaused(OVERFLOW)).isFalse();
        busy(Duration.ofSeconds(2));
        assertThat(source.isPaused(OVERFLOW)).isTrue();
    }

    @Test
    void whenSomethingHasBeenMovedToTheOverflowTopicItIsReadAgainAtOnce() {
        busy(SETTLED_IN);
        assertThat(source.isPaused(OVERFLOW)).isTrue();

        flood();
        assertThat(bench.bench.sink.written(PollBench.TOPICS.overflow())).isNotEmpty();
        bench.turn();

        assertThat(source.isPaused(OVERFLOW)).isFalse();
        assertThat(source.isPaused(LONGEST)).isTrue();
    }

    @Test
    void afterThatItIsReadUntilItIsKnownToBeEmpty() {
        busy(SETTLED_IN);
        flood();
        bench.turn();
        assertThat(source.isPaused(OVERFLOW)).isFalse();

        busy(Duration.ofSeconds(14));
        assertThat(source.isPaused(OVERFLOW)).isFalse();
        busy(Duration.ofSeconds(2));
        assertThat(source.isPaused(OVERFLOW)).isTrue();
    }

    @Test
    void whatHasUnreadRecordsIsNotLeftThoughNothingOfItIsUnsettled() {
        source.unreadOf(OVERFLOW, 7);
        source.unreadOf(TIER, 7);

        busy(SETTLED_IN);
        assertThat(source.isPaused(OVERFLOW)).isFalse();
        assertThat(source.isPaused(TIER)).isFalse();
        assertThat(source.isPaused(LONGEST)).isTrue();

        source.unreadOf(OVERFLOW, 0);
        busy(AWAKE.plus(STEP));
        assertThat(source.isPaused(OVERFLOW)).isTrue();
    }

    @Test
    void theOverflowTopicIsLookedAtAgainEvenIfNothingWasMovedThere() {
        busy(SETTLED_IN.plus(Duration.ofSeconds(14)));
        assertThat(source.isPaused(OVERFLOW)).isTrue();

        busy(Duration.ofMillis(1_500));
        assertThat(source.isPaused(OVERFLOW)).isFalse();
    }

    @Test
    void whileRecordsAreRareEverythingIsRead() {
        bench.pass(Duration.ofSeconds(20));

        assertThat(paused()).isEmpty();
        assertThat(bench.calls("leave")).isEmpty();
    }

    @Test
    void whenRecordsBecomeRareEverythingIsReadAgain() {
        busy(AWAKE.plus(STEP));

        bench.pass(Duration.ofSeconds(2));

        assertThat(paused()).isEmpty();
    }

    @Test
    void aTierThatWasLeftIsLookedAtAgainWithinAQuarterOfItsLength() {
        busy(AWAKE.plus(Duration.ofMillis(2_600)));
        assertThat(source.isPaused(TIER)).isFalse();
        assertThat(source.isPaused(LONGEST)).isTrue();

        busy(AWAKE);
        assertThat(source.isPaused(TIER)).as("it was empty again").isTrue();

        busy(Duration.ofMillis(11_500));
        assertThat(source.isPaused(LONGEST)).as("after 15 seconds").isFalse();
    }

    @Test
    void whatIsWrittenToATierMeanwhileRunsWhenItIsDue() {
        busy(AWAKE.plus(STEP));
        source.write(TaskRecord.at(0).topic(PollBench.TIER).writtenAt(bench.bench.loop.now()));

        busy(Duration.ofMillis(9_900));
        assertThat(bench.started()).doesNotContain(PollBench.TIER + "-0-0");
        assertThat(source.isPaused(TIER)).as("a tier in which something rests").isFalse();
        busy(Duration.ofMillis(200));
        assertThat(bench.started()).contains(PollBench.TIER + "-0-0");
    }

    @Test
    void aPartitionThatGoesMeanwhileAndComesBackIsRead() {
        busy(AWAKE.plus(STEP));
        source.revoke(0);
        bench.turn();
        bench.assign(0);

        assertThat(paused()).isEmpty();
        source.write(TaskRecord.at(0).topic(PollBench.TIER).writtenAt(bench.bench.loop.now()));
        busy(Duration.ofMillis(10_100));
        assertThat(bench.started()).contains(PollBench.TIER + "-0-0");
    }

    @Test
    void aConsumerThatTakesNothingMoreReadsNothingMore() {
        busy(AWAKE.plus(STEP));

        bench.pollLoop.stopTaking();
        bench.pass(Duration.ofSeconds(20));

        assertThat(paused()).hasSize(7);
    }
}
