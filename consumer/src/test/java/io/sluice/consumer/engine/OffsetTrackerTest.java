package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {
    private final OwnedPartition partition = new OwnedPartition(0, 1);
    private final OffsetTracker tracker = new OffsetTracker(new OffsetAndMetadata(10), OffsetMap.none(10));

    private Task track(long offset) {
        Task task = new Task(TaskRecord.at(offset).build(), partition);
        tracker.track(task);
        return task;
    }

    /** How far it is to be committed; -1 if there is no news. */
    private long committable() {
        OffsetAndMetadata commit = tracker.committable();
        return tracker.isNews(commit) ? commit.offset() : -1;
    }

    /** What the group would know to be settled if this were committed. */
    private OffsetMap map() {
        OffsetAndMetadata commit = tracker.committable();
        return Objects.requireNonNull(OffsetMap.read(commit.offset(), commit.metadata()));
    }

    @Test
    void nothingIsCommittedBeforeSomethingSettles() {
        assertThat(committable()).isEqualTo(-1);

        track(10);

        assertThat(committable()).isEqualTo(-1);
    }

    @Test
    void aGlanceSeesWhatHasSettledAndCountsNoMoreThanThereIs() {
        Task first = track(10);
        Task second = track(11);
        Task third = track(12);
        tracker.look();
        assertThat(tracker.waitingAtLeast()).isEqualTo(3);

        first.settled();
        second.moving(true);
        assertThat(tracker.waitingAtLeast()).isEqualTo(1);
        tracker.glance();
        assertThat(tracker.unsettled()).isEqualTo(2);
        assertThat(tracker.waiting()).isEqualTo(1);

        second.moving(false);
        third.settled();
        tracker.glance();
        assertThat(tracker.unsettled()).isEqualTo(1);
        assertThat(tracker.waiting()).isEqualTo(1);
    }

    @Test
    void commitsUpToTheFirstGap() {
        Task first = track(10);
        Task second = track(11);
        track(12).settled();

        first.settled();
        assertThat(committable()).isEqualTo(11);

        second.settled();
        assertThat(committable()).isEqualTo(13);
    }

    @Test
    void saysWhatIsSettledPastAGap() {
        track(10);
        track(11).settled();
        track(12);
        track(13).settled();
        track(14);

        assertThat(committable()).as("there is news, though not of the offset").isEqualTo(10);
        assertThat(List.of(10L, 11L, 12L, 13L, 14L).stream().filter(map()::isSettled))
                .containsExactly(11L, 13L);
        assertThat(map().end())
                .as("what lies behind the last settled one goes without saying")
                .isEqualTo(14);
    }

    @Test
    void aRunOfUnsettledRecordsNeedsNoMap() {
        track(10).settled();
        track(11);
        track(12);

        assertThat(tracker.committable().metadata()).isEmpty();
    }

    @Test
    void itIsMadeOnceForEachThingThatSettles() {
        track(10);
        track(11).settled();
        OffsetAndMetadata once = tracker.committable();
        track(12);
        tracker.moveTo(new OffsetAndMetadata(20));

        assertThat(tracker.committable()).isSameAs(once);
    }

    @Test
    void anAcknowledgedCommitIsNotMadeAgain() {
        track(10).settled();
        track(11);
        track(12).settled();
        tracker.acknowledged(tracker.committable());

        assertThat(committable()).isEqualTo(-1);
    }

    @Test
    void aCommitThatWasNotAcknowledgedIsMadeAgain() {
        track(10).settled();

        assertThat(committable()).isEqualTo(11);
        assertThat(committable()).isEqualTo(11);
    }

    @Test
    void whatAnEarlierOwnerHasSettledIsKnownUntilItHasBeenPassed() {
        OffsetMap map = OffsetMap.of(10, new long[] {10, 13, 16}, 3, 20);
        OffsetTracker successor = new OffsetTracker(new OffsetAndMetadata(10, map.metadata()), map);
        assertThat(successor.isSettled(12)).isTrue();
        assertThat(successor.isSettled(13)).isFalse();
        assertThat(successor.isSettled(20)).isFalse();

        Task first = new Task(TaskRecord.at(10).build(), partition);
        successor.track(first);
        successor.track(new Task(TaskRecord.at(13).build(), partition));
        first.settled();
        OffsetAndMetadata early = successor.committable();
        OffsetMap then = Objects.requireNonNull(OffsetMap.read(early.offset(), early.metadata()));

        assertThat(early.offset()).isEqualTo(13);
        assertThat(List.of(14L, 15L, 16L, 17L, 18L, 19L, 20L).stream().filter(then::isSettled))
                .as("it has not read them, and still they must not run again")
                .containsExactly(14L, 15L, 17L, 18L, 19L);
    }

    @Test
    void nothingIsCommittedWhileALossHasNotBeenTold() {
        Task loss = new Task(TaskRecord.at(10).build(), partition);
        tracker.trackLost(loss);
        tracker.moveTo(new OffsetAndMetadata(50));
        track(50).settled();
        assertThat(committable()).isEqualTo(-1);
        assertThat(tracker.committable().offset()).isEqualTo(10);

        loss.settled();
        assertThat(committable()).isEqualTo(51);
    }

    @Test
    void holdsNothingOfWhatSettledPastAGap() {
        Task gap = track(10);
        List<Task> others = new ArrayList<>();
        for (int offset = 11; offset < 1_000; offset++) {
            others.add(track(offset));
        }
        others.forEach(Task::settled);
        tracker.look();

        assertThat(tracker.unsettled()).isEqualTo(1);
        assertThat(tracker.bytes()).isEqualTo(gap.bytes());
        assertThat(tracker.oldest()).isSameAs(gap);
    }

    @Test
    void countsTheRangesThatItsRecordsAreSpreadOver() {
        track(10);
        Task far = track(10 + 65_536);
        track(10 + 2 * 65_536);
        assertThat(tracker.mapBytes()).isEqualTo(mapBytes(0, 65_536, 2 * 65_536));

        far.settled();
        tracker.look();
        assertThat(tracker.mapBytes()).isEqualTo(mapBytes(0, 2 * 65_536));
    }

    private static int mapBytes(long... offsets) {
        MapSize size = new MapSize();
        for (long offset : offsets) {
            size.add(offset, offset + 1);
        }
        return size.bytes();
    }

    @Test
    void aRunThatIsBeingMovedTakesNoMoreOfTheMapThanTwoThatWait() {
        track(10);
        for (int offset = 11; offset < 5_000; offset++) {
            track(offset).moving(true);
        }
        track(5_000);
        tracker.look();

        MapSize expected = new MapSize();
        expected.add(0, 1);
        expected.add(1, 4_990);
        expected.add(4_990, 4_991);
        assertThat(tracker.mapBytes()).isEqualTo(expected.bytes());
        assertThat(tracker.waiting()).isEqualTo(2);
        assertThat(tracker.unsettled()).isEqualTo(4_991);
    }

    /** What waits settles in any order, what is moved in its own. */
    @Test
    void theMapNeverTakesMoreThanWasCountedBefore() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            OffsetTracker any = new OffsetTracker(new OffsetAndMetadata(0), OffsetMap.none(0));
            List<Task> waiting = new ArrayList<>();
            Deque<Task> moving = new ArrayDeque<>();
            boolean flood = false;
            for (int offset = 0; offset < 3_000; offset++) {
                flood ^= random.nextInt(30) == 0;
                Task task = new Task(TaskRecord.at(offset).build(), partition);
                any.track(task);
                task.moving(flood);
                if (flood) {
                    moving.add(task);
                } else {
                    waiting.add(task);
                }
            }
            any.look();
            int counted = any.mapBytes();
            Collections.shuffle(waiting, random);
            while (!waiting.isEmpty() || !moving.isEmpty()) {
                for (int i = random.nextInt(500); i > 0; i--) {
                    Task next = random.nextBoolean() || waiting.isEmpty()
                            ? moving.poll()
                            : waiting.remove(waiting.size() - 1);
                    if (next != null) {
                        next.settled();
                    }
                }
                OffsetAndMetadata commit = any.committable();
                assertThat(commit.metadata().length() * 3 / 4)
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(counted);
            }
        }
    }

    @Test
    void whatAnEarlierOwnerHadSettledAheadIsKeptWhileItsRunIsWorkedOff() {
        OffsetTracker earlier = new OffsetTracker(new OffsetAndMetadata(0), OffsetMap.none(0));
        for (int offset = 0; offset < 6_800; offset++) {
            Task task = new Task(TaskRecord.at(offset).build(), partition);
            earlier.track(task);
            task.moving(offset < 4_900);
            if (offset >= 4_900 && offset % 2 == 1) {
                task.settled();
            }
        }
        OffsetAndMetadata commit = earlier.committable();
        OffsetMap known = OffsetMap.read(commit.offset(), commit.metadata());
        OffsetTracker next = new OffsetTracker(commit, Objects.requireNonNull(known));

        int read = 0;
        while (next.mapBytes() <= OffsetMap.MOST_BYTES - MapSize.ofMore(500)) {
            for (int end = read + 500; read < end; read++) {
                Task task = new Task(TaskRecord.at(read).build(), partition);
                next.track(task);
                if (read % 2 == 1) {
                    task.settled();
                }
            }
            next.look();
        }

        assertThat(read).isBetween(500, 4_900);
        OffsetAndMetadata now = next.committable();
        assertThat(next.isCut()).isFalse();
        assertThat(now.metadata().length() * 3 / 4).isLessThanOrEqualTo(next.mapBytes());
        OffsetMap then = Objects.requireNonNull(OffsetMap.read(now.offset(), now.metadata()));
        assertThat(LongStream.range(0, 6_800).filter(offset -> known.isSettled(offset) && !then.isSettled(offset)))
                .isEmpty();
    }

    @Test
    void aDroppedTaskHoldsThePrefixButIsNotWaitedFor() {
        Task dropped = track(10);
        Task settled = track(11);
        dropped.dropped();
        settled.settled();

        assertThat(committable()).isEqualTo(10);
        assertThat(tracker.hasOpenTasks()).isFalse();
    }

    @Test
    void aDroppedTaskStaysDropped() {
        Task task = track(10);
        task.dropped();
        task.settled();

        assertThat(task.end()).isEqualTo(Task.End.DROPPED);
        assertThat(committable()).isEqualTo(-1);
    }

    @Test
    void waitsForTasksThatAreStillOpenPastADroppedOne() {
        track(10).dropped();
        track(11);

        assertThat(tracker.hasOpenTasks()).isTrue();
    }

    @Test
    void countsTheBytesOfKeysAndValues() {
        Task task = new Task(TaskRecord.at(10).key("four").value("123456").build(), partition);
        tracker.track(task);

        assertThat(tracker.bytes()).isEqualTo(10);

        task.settled();
        tracker.look();
        assertThat(tracker.bytes()).isZero();
    }

    @Test
    void commitsPastMarkersAndCompactedRecordsWhenAllIsSettled() {
        track(10).settled();
        tracker.moveTo(new OffsetAndMetadata(15, Optional.of(3), "left by another"));

        OffsetAndMetadata offset = tracker.committable();

        assertThat(offset).isEqualTo(new OffsetAndMetadata(15, Optional.of(3), ""));
    }

    @Test
    void commitsUpToAnUnsettledRecordBehindAHoleInTheLog() {
        track(10).settled();
        track(20);
        tracker.moveTo(new OffsetAndMetadata(25));

        assertThat(committable()).isEqualTo(20);
    }

    @Test
    void thePositionNeverGoesBack() {
        track(10).settled();
        tracker.moveTo(new OffsetAndMetadata(15));
        tracker.moveTo(new OffsetAndMetadata(12));

        assertThat(committable()).isEqualTo(15);
    }

    @Test
    void aCommitCarriesTheLeaderEpochOfItsRecord() {
        track(10).settled();
        track(11);

        assertThat(tracker.committable()).isEqualTo(new OffsetAndMetadata(11, Optional.of(7), ""));
    }

    /** Through crashes, also in the middle of what an earlier owner had settled ahead. */
    @Test
    void saysExactlyWhatIsSettledInAnyHistory() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            OffsetTracker now = new OffsetTracker(new OffsetAndMetadata(0), OffsetMap.none(0));
            TreeSet<Long> known = new TreeSet<>();
            List<Task> open = new ArrayList<>();
            OffsetAndMetadata commit = now.committable();
            TreeSet<Long> knownThen = new TreeSet<>();
            long next = 0;
            for (int step = 0; step < 400; step++) {
                if (random.nextInt(4) == 0) {
                    // A transaction marker, or a record that was compacted away.
                    now.moveTo(new OffsetAndMetadata(++next));
                } else if (random.nextInt(3) > 0) {
                    if (!now.isSettled(next)) {
                        assertThat(known).as("seed %d, step %d", seed, step).doesNotContain(next);
                        Task task = new Task(TaskRecord.at(next).build(), partition);
                        now.track(task);
                        open.add(task);
                    }
                    now.moveTo(new OffsetAndMetadata(++next));
                } else if (!open.isEmpty()) {
                    Task task = open.remove(random.nextInt(open.size()));
                    task.settled();
                    known.add(task.record.offset());
                }
                if (random.nextInt(5) == 0) {
                    commit = now.committable();
                    knownThen = new TreeSet<>(known);
                    checkCommit(commit, knownThen, open, "seed %d, step %d".formatted(seed, step));
                }
                if (random.nextInt(40) == 0) {
                    now.acknowledged(commit);
                }
                if (random.nextInt(60) == 0) {
                    now = new OffsetTracker(
                            commit, Objects.requireNonNull(OffsetMap.read(commit.offset(), commit.metadata())));
                    known = new TreeSet<>(knownThen);
                    open.clear();
                    next = commit.offset();
                }
            }
        }
    }

    private static void checkCommit(OffsetAndMetadata commit, Set<Long> settled, List<Task> open, String when) {
        OffsetMap map = Objects.requireNonNull(OffsetMap.read(commit.offset(), commit.metadata()));
        for (Task task : open) {
            long offset = task.record.offset();
            assertThat(offset >= commit.offset() && !map.isSettled(offset))
                    .as("%s: %d is unsettled", when, offset)
                    .isTrue();
        }
        for (long offset : settled) {
            assertThat(offset < commit.offset() || map.isSettled(offset))
                    .as("%s: %d is settled", when, offset)
                    .isTrue();
        }
    }
}
