package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {
    private final OwnedPartition partition = new OwnedPartition(new TopicPartition("tasks", 0), 10);
    private final OffsetTracker tracker = partition.tracker;

    private Task track(long offset) {
        Task task = new Task(TaskRecord.at(offset).build(), partition);
        tracker.track(task);
        return task;
    }

    private long committable() {
        return Bench.committable(partition);
    }

    @Test
    void nothingIsCommittedBeforeSomethingSettles() {
        assertThat(committable()).isEqualTo(-1);

        track(10);

        assertThat(committable()).isEqualTo(-1);
    }

    @Test
    void commitsUpToTheFirstGap() {
        Task first = track(10);
        Task second = track(11);
        Task third = track(12);

        third.settled();
        assertThat(committable()).isEqualTo(-1);

        first.settled();
        assertThat(committable()).isEqualTo(11);

        second.settled();
        assertThat(committable()).isEqualTo(13);
    }

    @Test
    void anAcknowledgedCommitIsNotMadeAgain() {
        track(10).settled();
        tracker.committed(11);

        assertThat(committable()).isEqualTo(-1);
    }

    @Test
    void aCommitThatWasNotAcknowledgedIsMadeAgain() {
        track(10).settled();

        assertThat(committable()).isEqualTo(11);
        assertThat(committable()).isEqualTo(11);
    }

    @Test
    void aLateAcknowledgementDoesNotSetItBack() {
        track(10).settled();
        track(11).settled();
        tracker.committed(12);
        tracker.committed(11);

        assertThat(committable()).isEqualTo(-1);
    }

    @Test
    void holdsNothingOfWhatSettledPastAGap() {
        Task gap = track(10);
        List<Task> others = new ArrayList<>();
        for (int offset = 11; offset < 1_000; offset++) {
            others.add(track(offset));
        }
        others.forEach(Task::settled);

        assertThat(tracker.isWithin(1, gap.bytes())).isTrue();
        assertThat(tracker.isWithin(0, Long.MAX_VALUE)).isFalse();
        assertThat(tracker.isWithin(1, gap.bytes() - 1)).isFalse();
    }

    @Test
    void aDroppedTaskHoldsThePrefixButIsNotWaitedFor() {
        Task dropped = track(10);
        Task settled = track(11);
        dropped.dropped();
        settled.settled();

        assertThat(committable()).isEqualTo(-1);
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

        assertThat(tracker.isWithin(1, 10)).isTrue();
        assertThat(tracker.isWithin(1, 9)).isFalse();

        task.settled();
        assertThat(tracker.isWithin(0, 0)).isTrue();
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

    @Test
    void commitsNothingUnsettledAndNeverGoesBackInAnyHistory() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            OwnedPartition random0 = new OwnedPartition(new TopicPartition("tasks", 0), 0);
            List<Task> open = new ArrayList<>();
            TreeSet<Long> unsettled = new TreeSet<>();
            long next = 0;
            long last = 0;
            for (int step = 0; step < 300; step++) {
                if (random.nextInt(3) > 0) {
                    next += 1 + random.nextInt(2);
                    Task task = new Task(TaskRecord.at(next - 1).build(), random0);
                    random0.tracker.track(task);
                    open.add(task);
                    unsettled.add(next - 1);
                } else if (!open.isEmpty()) {
                    Task task = open.remove(random.nextInt(open.size()));
                    if (random.nextInt(50) > 0) {
                        task.settled();
                        unsettled.remove(task.record.offset());
                    } else {
                        task.dropped();
                    }
                }
                long committable = Bench.committable(random0);
                if (committable >= 0) {
                    assertThat(committable)
                            .as("seed %d, step %d", seed, step)
                            .isGreaterThan(last)
                            .isEqualTo(unsettled.isEmpty() ? next : unsettled.first());
                    if (random.nextBoolean()) {
                        random0.tracker.committed(committable);
                        last = committable;
                    }
                }
            }
        }
    }
}
