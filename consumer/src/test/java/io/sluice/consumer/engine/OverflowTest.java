package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.RetryLater;
import io.sluice.settings.Limits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

/** Floods: what is more than its share of a partition's window, and would have to wait, waits in the overflow topic. */
class OverflowTest {
    /** Of a window of 900, a quarter. */
    private static final int SHARE = 225;

    private static final int WINDOW = Window.records(500);

    private final Bench bench = new Bench(new Limits(10, 2));
    private final OwnedPartition partition = bench.partition(0);
    private long next;

    private void feed(int count, UnaryOperator<TaskRecord> as) {
        feed(bench, partition, count, as);
    }

    private void feed(Bench to, OwnedPartition its, int count, UnaryOperator<TaskRecord> as) {
        TaskRecord[] records = new TaskRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = as.apply(TaskRecord.at(next++));
        }
        to.feed(its, records);
    }

    private int overflowed() {
        return bench.sink.written("tasks.overflow").size();
    }

    @Test
    void theTailOfAKeyThatFloodsIsMovedAndNobodyElses() {
        feed(600, record -> record.key("flood"));
        feed(10, record -> record.key("other"));

        assertThat(overflowed()).isEqualTo(600 - SHARE);
        assertThat(bench.status().moves().overflowed()).isEqualTo(600 - SHARE);
        assertThat(bench.status().inFlight()).as("two of each key").isEqualTo(4);
        assertThat(bench.status().waiting()).isEqualTo(SHARE + 10 - 4);
    }

    @Test
    void aKeyThatKeepsUpIsNotMoved() {
        Bench quick = new Bench(new Limits(10, 2), TestSettings.type(10), attempt -> {
            attempt.bodyStarts();
            return Future.succeededFuture();
        });
        OwnedPartition its = quick.partition(0);
        for (int i = 0; i < 20; i++) {
            feed(quick, its, 100, record -> record.key("busy"));
        }

        assertThat(quick.sink.written("tasks.overflow")).isEmpty();
    }

    @Test
    void whatComesFromTheOverflowIsNotMovedAgainAndNotCounted() {
        feed(600, record -> record.topic("tasks.overflow").key("flood"));
        assertThat(overflowed()).isZero();

        feed(100, record -> record.key("flood"));

        assertThat(overflowed()).isZero();
    }

    @Test
    void withLimitOneNothingIsMoved() {
        Bench ordered = new Bench(new Limits(10, 1));
        feed(ordered, ordered.partition(0), 600, record -> record.key("flood"));

        assertThat(ordered.sink.sends()).isZero();
        assertThat(ordered.status().waiting()).isEqualTo(599);
    }

    @Test
    void tasksWithoutAKeyFloodWhenTheyWaitForHalfASecond() {
        feed(600, record -> record);
        assertThat(overflowed()).as("they may be done in no time").isZero();

        bench.advance(Duration.ofMillis(501));
        int those = overflowed();
        feed(10, record -> record);

        assertThat(overflowed() - those).isEqualTo(10);
    }

    @Test
    void tasksWithoutAKeyThatFilledTheWindowBeforeTheyWereSlowLeaveIt() {
        feed(900, record -> record);
        assertThat(overflowed()).isZero();

        bench.advance(Duration.ofMillis(501));

        assertThat(overflowed()).isEqualTo(900 - SHARE);
        assertThat(bench.status().waiting()).as("ten run").isEqualTo(SHARE - 10);
    }

    @Test
    void tasksWithoutAKeyAreLookedAtAgainUntilTheyAreFewOrMoved() {
        feed(900, record -> record);
        bench.advance(Duration.ofMillis(300));
        bench.body.running().get(0).succeed("done");
        bench.advance(Duration.ofMillis(300));
        assertThat(overflowed()).as("one has had its turn in time").isZero();

        bench.advance(Duration.ofMillis(600));

        assertThat(overflowed()).isPositive();
    }

    @Test
    void aSlowTypeOfManyKeysFloodsToo() {
        Bench two = new Bench(
                new Limits(10, 2),
                it -> List.of(
                        it.type(TestSettings.TYPE, TestSettings.type(10)), it.type("other", TestSettings.type(10))));
        OwnedPartition its = two.partition(0);
        feed(two, its, SHARE + 10, record -> record.key("key-" + next));
        two.advance(Duration.ofMillis(501));

        feed(two, its, 20, record -> record.key("key-" + next));
        feed(two, its, 5, record -> record.type("other").key("calm-" + next));

        assertThat(two.sink.written("tasks.overflow")).hasSizeBetween(20, 30);
    }

    @Test
    void aSlowTypeThatHadFilledTheWindowMakesRoomByItself() {
        Bench two = new Bench(
                new Limits(10, 2),
                it -> List.of(
                        it.type(TestSettings.TYPE, TestSettings.type(10)), it.type("other", TestSettings.type(10))));
        feed(two, two.partition(0), 900, record -> record.key("key-" + next));
        assertThat(two.sink.written("tasks.overflow")).isEmpty();

        two.advance(Duration.ofMillis(502));

        assertThat(two.sink.written("tasks.overflow")).hasSizeBetween(900 - SHARE - 10, 900 - SHARE);
    }

    @Test
    void aShortBackoffOfASlowTypeStaysInMemory() {
        Bench two = new Bench(
                new Limits(10, 2),
                it -> List.of(
                        it.type(TestSettings.TYPE, TestSettings.type(10)), it.type("other", TestSettings.type(10))));
        feed(two, two.partition(0), SHARE + 10, record -> record.key("key-" + next));
        two.advance(Duration.ofMillis(502));
        int before = two.sink.written("tasks.overflow").size();

        HeldBody.Run first = two.body.running().get(0);
        two.loop.on(() -> first.fail(new IllegalStateException("once")));

        assertThat(two.sink.written("tasks.overflow")).hasSize(before);
        assertThat(two.status().backingOff()).isEqualTo(1);
    }

    @Test
    void aTypeAloneHasNoOtherToDelayWhateverItsKeys() {
        feed(SHARE + 10, record -> record.key("key-" + next));
        bench.advance(Duration.ofMillis(501));

        feed(20, record -> record.key("key-" + next));

        assertThat(overflowed()).isZero();
    }

    @Test
    void tasksWithoutAKeyThatGetTheirTurnSoonAreNoFlood() {
        feed(SHARE + 100, record -> record);
        for (int round = 0; round < 20; round++) {
            bench.advance(Duration.ofMillis(15));
            List.copyOf(bench.body.running()).forEach(run -> bench.loop.on(() -> run.succeed("done")));
        }
        feed(SHARE, record -> record);

        assertThat(overflowed()).isZero();
    }

    @Test
    void aKeyThatFailsAgainAndAgainLeavesRoomForOthersWhileItBacksOff() {
        Bench failing = new Bench(new Limits(10, 2), TestSettings.type(10), attempt -> {
            attempt.bodyStarts();
            return Future.failedFuture(new IllegalStateException());
        });
        feed(failing, failing.partition(0), 600, record -> record.key("failing"));

        assertThat(failing.status().backingOff()).isEqualTo(SHARE);
        assertThat(failing.sink.written("tasks.overflow")).hasSize(600 - SHARE);
    }

    @Test
    void theRestOfAKeyMakesItsTailOverflow() {
        feed(2, record -> record.key("resting"));
        bench.fail(0, new RetryLater(Duration.ofSeconds(4), "429").forKey());

        feed(300, record -> record.key("resting"));

        assertThat(overflowed()).isEqualTo(302 - SHARE);
    }

    @Test
    void aTaskTooLargeForTheOverflowWaitsInItsLane() {
        bench.sink.refuse(record -> new RecordTooLargeException("too large"));
        feed(300, record -> record.key("flood"));

        assertThat(bench.status().waiting()).isEqualTo(298);
        assertThat(bench.sink.sends()).isEqualTo(300 - SHARE);
    }

    @Test
    void severalFloodsTogetherLeaveRoomForOthersToo() {
        for (int i = 0; i < 300; i++) {
            for (String key : List.of("a", "b", "c", "d", "e", "f")) {
                feed(1, record -> record.key(key));
            }
        }

        assertThat(unsettled(partition)).isLessThan(WINDOW);
    }

    @Test
    void severalPausedTypesLeaveRoomForOthersToo() {
        Set<String> names = Set.of("a", "b", "c", "d", "e", "f");
        bench.dispatcher.pause(names);
        for (int i = 0; i < 300; i++) {
            for (String name : names) {
                feed(1, record -> record.type(name).key("key-" + next));
            }
        }

        assertThat(unsettled(partition)).isLessThan(WINDOW);
    }

    @Test
    void manyKeysThatWaitForTheConsumerAreNoFloods() {
        for (int i = 0; i < 900; i++) {
            String key = "key-" + i % 100;
            feed(1, record -> record.key(key));
        }

        assertThat(overflowed()).isZero();
    }

    private static int unsettled(OwnedPartition its) {
        Bench.tracker(its).look();
        return Bench.tracker(its).unsettled();
    }

    @Test
    void aCountEndsWithItsTask() {
        feed(SHARE, record -> record.key("a"));
        while (!bench.body.running().isEmpty()) {
            List.copyOf(bench.body.running()).forEach(run -> bench.loop.on(() -> run.succeed("done")));
        }
        assertThat(bench.results()).hasSize(SHARE);

        feed(SHARE, record -> record.key("a"));

        assertThat(overflowed()).isZero();
    }

    @Test
    void aPausedTypeStartsNothingUntilItIsResumed() {
        feed(5, record -> record.key("a"));
        bench.loop.on(() -> bench.dispatcher.pause(Set.of(TestSettings.TYPE)));
        bench.succeed(0);
        bench.succeed(1);
        feed(5, record -> record);
        assertThat(bench.body.started()).as("those that ran go on").hasSize(2);
        assertThat(bench.results()).hasSize(2);

        bench.loop.on(() -> bench.dispatcher.pause(Set.of()));

        assertThat(bench.body.started()).hasSizeGreaterThan(2);
    }

    @Test
    void whatAPausedTypeHasBeyondItsShareIsMovedWhetherItWaitsOrComes() {
        for (int i = 0; i < 600; i++) {
            String key = "key" + i;
            feed(1, record -> record.key(key));
        }
        assertThat(overflowed()).as("no key floods").isZero();

        bench.loop.on(() -> bench.dispatcher.pause(Set.of(TestSettings.TYPE)));
        assertThat(overflowed()).isEqualTo(600 - SHARE);
        feed(10, record -> record.key("one more"));

        assertThat(overflowed()).isEqualTo(600 - SHARE + 10);
        assertThat(bench.status().waiting()).isEqualTo(SHARE - 10);
    }

    @Test
    void aPausedTypeThatNobodyHereHandlesIsNotGivenUp() {
        bench.loop.on(() -> bench.dispatcher.pause(Set.of("novel")));
        feed(1, record -> record.type("novel"));
        bench.advance(TestSettings.UNKNOWN_TYPE_WAIT.multipliedBy(2));
        assertThat(bench.reasons()).isEmpty();
        assertThat(bench.status().waiting()).isEqualTo(1);

        bench.loop.on(() -> bench.dispatcher.pause(Set.of()));

        assertThat(bench.status().backingOff()).as("it waits for a deploy now").isEqualTo(1);
    }

    @Test
    void nothingIsRememberedOfAPartitionThatIsGone() {
        bench.feed(partition, TaskRecord.at(0));
        TaskType type = bench.body.run(0).attempt().task.type();
        assertThat(type.shares).hasSize(1);

        bench.revoke(partition);

        assertThat(type.shares).isEmpty();
    }
}
