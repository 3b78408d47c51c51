package io.sluice.consumer.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One topic's part of an owned partition: what is read of it, and what of that is settled. Poll thread only. */
final class Twin {
    final TopicPartition id;
    final OffsetTracker tracker;
    private final OwnedPartition partition;

    /** Null for a topic whose tasks do not rest. */
    private final @Nullable DelayLine line;

    /** @param rest how long its tasks rest before they are handed over; null means not at all */
    Twin(OwnedPartition partition, TopicPartition id, OffsetTracker tracker, @Nullable Duration rest) {
        this.partition = partition;
        this.id = id;
        this.tracker = tracker;
        this.line = rest == null ? null : new DelayLine(rest);
    }

    /** Takes a record that was read, unless an earlier owner has settled it; hands it over if it need not rest. */
    void read(ConsumerRecord<byte[], byte[]> record, Instant now, Consumer<Task> ready) {
        if (tracker.isSettled(record.offset())) {
            return;
        }
        Task task = new Task(record, partition);
        tracker.track(task);
        if (line == null) {
            ready.accept(task);
        } else {
            line.hold(task, now);
        }
    }

    /** Tracks what stands for records that do not exist any more, the first of them at that offset. */
    Task readLost(long offset) {
        Task task = new Task(new ConsumerRecord<>(id.topic(), id.partition(), offset, null, null), partition);
        tracker.trackLost(task);
        return task;
    }

    /** Hands over those that have rested long enough. */
    void release(Instant now, Consumer<Task> ready) {
        if (line != null) {
            line.release(now, ready);
        }
    }

    /** Gives back what rests. */
    void dropHeld() {
        if (line != null) {
            line.drop();
        }
    }

    /** When the first of those that rest is due; null if none does. */
    @Nullable
    Instant due() {
        return line == null ? null : line.due();
    }

    /** Whether nothing of it is unsettled but what rests. */
    boolean isIdle() {
        tracker.glance();
        return tracker.unsettled() == (line == null ? 0 : line.size());
    }

    /**
     * Where it stands, as of the tracker's last look.
     *
     * @param unread as the client has it
     */
    PartitionStatus status(OptionalLong unread) {
        Task first = tracker.oldest();
        return new PartitionStatus(
                id,
                unread.orElse(-1),
                tracker.span(),
                line == null ? 0 : line.size() + unread.orElse(0),
                first == null ? -1 : first.record.timestamp());
    }

    /** The first task that has been handed over and is unsettled, as of the tracker's last look. */
    @Nullable
    Task oldest() {
        Task oldest = tracker.oldest();
        return oldest == null || (line != null && line.holds(oldest)) ? null : oldest;
    }
}
