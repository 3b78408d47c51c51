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

    private static List<TopicPartition> allButTheFirst() {
        return PollBench.TOPICS.read().stream()
                .filter(topic -> !topic.equals(PollBench.TOPICS.tasks()))
                .map(topic -> PollBench.id(topic, 0))
                .toList();
    }

    @Test
    void whileRecordsComeOftenWhatIsEmptyIsLeft() {
        busy(AWAKE.plus(STEP));

        assertThat(paused()).containsExactlyInAnyOrderElementsOf(allButTheFirst());
    }

    @Test
    void whenSomethingHasBeenMovedToTheOverflowTopicItIsReadAgainAtOnce() {
        busy(AWAKE.plus(Duration.ofSeconds(1)));
        assertThat(source.isPaused(OVERFLOW)).isTrue();

        int flood = Window.records(500) / 2;
        for (int i = 0; i < flood; i++) {
            source.write(TaskRecord.at(offset++).key("flooding"));
        }
        bench.turn();
        assertThat(bench.bench.sink.written(PollBench.TOPICS.overflow())).isNotEmpty();
        bench.turn();

        assertThat(source.isPaused(OVERFLOW)).isFalse();
        assertThat(source.isPaused(TIER)).isTrue();
    }

    @Test
    void afterThatItIsReadUntilItIsKnownToBeEmpty() {
        busy(AWAKE.plus(STEP));
        for (int i = 0; i < Window.records(500) / 2; i++) {
            source.write(TaskRecord.at(offset++).key("flooding"));
        }
        bench.turn();
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

        busy(AWAKE.multipliedBy(3));
        assertThat(source.isPaused(OVERFLOW)).isFalse();
        assertThat(source.isPaused(TIER)).isFalse();
        assertThat(source.isPaused(LONGEST)).isTrue();

        source.unreadOf(OVERFLOW, 0);
        busy(AWAKE.plus(STEP));
        assertThat(source.isPaused(OVERFLOW)).isTrue();
    }

    @Test
    void theOverflowTopicIsLookedAtAgainEvenIfNothingWasMovedThere() {
        busy(AWAKE.plus(Duration.ofSeconds(14)));
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
