package io.sluice.consumer.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Bounds what is in memory, and what a commit has to say: pauses a topic partition with too much unsettled, and resumes it
 * when an eighth of that is settled, since either may cost the client a round trip. Poll thread only.
 */
final class Window {
    /** So many unsettled records fit into a commit's map, in up to 29 ranges of 65,536 offsets. */
    private static final int MAP_RECORDS = 1_400;

    /**
     * Of all partitions together, on their way to the overflow topic: as many as are moved in some round trips to a busy
     * broker, and far fewer than {@link Departures} has room for. A partition may have the window's records in any case.
     */
    private static final int MOVING = 5_000;

    /** For all partitions of the consumer together. */
    private static final long BYTES = 64L << 20;

    private static final int EIGHTHS_TO_PAUSE = 8;
    private static final int EIGHTHS_TO_RESUME = 7;

    /** How long to wait for records: shorter while tasks are unsettled, for commits and resumes to be on time. */
    private static final Duration POLL_WHILE_BUSY = Duration.ofMillis(20);

    private static final Duration POLL_WHILE_IDLE = Duration.ofMillis(100);
    private static final Duration SHORTEST_POLL = Duration.ofMillis(1);

    /** How long the records of others may wait for a partition that is done with its own in no time, as a flood that moves. */
    private static final Duration BEFORE_A_PAUSE = Duration.ofMillis(10);

    private final Source source;
    private final PollLoop.Waiting waiting;
    private final int records;
    private final int mapBytes;
    private final Set<TopicPartition> paused = new HashSet<>();

    /** @param maxPollRecords come in addition, before a partition can be paused */
    Window(Source source, PollLoop.Waiting waiting, int maxPollRecords) {
        this.source = source;
        this.waiting = waiting;
        this.records = records(maxPollRecords);
        this.mapBytes = OffsetMap.MOST_BYTES - MapSize.ofMore(maxPollRecords);
    }

    /**
     * How many records of one topic partition may be unsettled, besides those that are being moved to the overflow topic,
     * before it is paused. Any thread.
     */
    static int records(int maxPollRecords) {
        return MAP_RECORDS - maxPollRecords;
    }

    boolean isPaused(Twin twin) {
        return paused.contains(twin.id);
    }

    /** How long a poll may wait for records: not past the end of the first rest. */
    Duration patience(Collection<OwnedPartition> owned, Instant now) {
        Duration patience = POLL_WHILE_IDLE;
        for (OwnedPartition partition : owned) {
            for (Twin twin : partition.twins()) {
                if (!twin.isIdle()) {
                    return POLL_WHILE_BUSY;
                }
                Instant due = twin.due();
                if (due != null && due.isBefore(now.plus(patience))) {
                    patience = Duration.between(now, due);
                }
            }
        }
        return patience.compareTo(SHORTEST_POLL) < 0 ? SHORTEST_POLL : patience;
    }

    /**
     * Pauses those that hold too much, and resumes those that do no more. Waits for a moment first, for what is full now may soon not be: while it
     * is paused, the client asks the broker for records of others only, and the broker takes its time to say that there are none.
     *
     * @param taking false pauses all of them, at once
     */
    void adjust(Collection<OwnedPartition> owned, boolean taking) {
        Total total = new Total(owned);
        Set<Twin> pausing = new HashSet<>();
        Set<TopicPartition> resuming = new HashSet<>();
        for (OwnedPartition partition : owned) {
            for (Twin twin : partition.twins()) {
                boolean isPaused = paused.contains(twin.id);
                if (!isPaused && (!taking || isOver(twin.tracker, EIGHTHS_TO_PAUSE, total))) {
                    pausing.add(twin);
                } else if (isPaused && taking && !isOver(twin.tracker, EIGHTHS_TO_RESUME, total)) {
                    resuming.add(twin.id);
                }
            }
        }
        if (taking && !pausing.isEmpty()) {
            waiting.until(
                    () -> {
                        pausing.removeIf(twin -> !isOver(twin.tracker, EIGHTHS_TO_PAUSE, total));
                        return pausing.isEmpty();
                    },
                    BEFORE_A_PAUSE);
        }
        if (!pausing.isEmpty()) {
            Set<TopicPartition> ids = pausing.stream().map(twin -> twin.id).collect(Collectors.toSet());
            source.pause(ids);
            paused.addAll(ids);
        }
        if (!resuming.isEmpty()) {
            source.resume(resuming);
            paused.removeAll(resuming);
        }
    }

    /** As {@link #exceeds}, of what is unsettled now. Most hold so little that nobody need look. */
    private boolean isOver(OffsetTracker tracker, int eighths, Total total) {
        if (tracker.unsettled() <= records * 3 / 4 && total.bytes <= BYTES * eighths / 8) {
            return false;
        }
        if (tracker.waitingAtLeast() > records * eighths / 8) {
            return true;
        }
        total.count(tracker, -1);
        tracker.glance();
        total.count(tracker, 1);
        return exceeds(tracker, eighths, total);
    }

    /**
     * Whether it holds more than so many eighths of what it may. All share the bytes, so that one may have them all while
     * the others need none; when they are used up, those are paused that hold more than their share. So with the moves. Of
     * the map, an earlier owner's part may be all; so as many may be unsettled as no share of a partition reaches, or what
     * waits at its head would hold up what is behind it.
     */
    private boolean exceeds(OffsetTracker tracker, int eighths, Total total) {
        return tracker.waiting() > records * eighths / 8
                || (tracker.mapBytes() > mapBytes * eighths / 8 && tracker.unsettled() > records * 3 / 4)
                || (total.moving > MOVING * eighths / 8 && tracker.unsettled() > records * eighths / 8)
                || (total.bytes > BYTES * eighths / 8 && tracker.bytes() > BYTES / total.twins * eighths / 8);
    }

    /** What all of them hold, as of their last looks. */
    private static final class Total {
        private int twins;
        private long bytes;
        private int moving;

        Total(Collection<OwnedPartition> owned) {
            for (OwnedPartition partition : owned) {
                twins += partition.twins().size();
                for (Twin twin : partition.twins()) {
                    if (twin.tracker.unsettled() > 0) {
                        count(twin.tracker, 1);
                    }
                }
            }
        }

        void count(OffsetTracker tracker, int times) {
            bytes += times * tracker.bytes();
            moving += times * tracker.moving();
        }
    }

    /** These are not owned any more: whoever gets them again finds them running. */
    void forget(Collection<OwnedPartition> partitions) {
        partitions.forEach(partition -> partition.twins().forEach(twin -> paused.remove(twin.id)));
    }
}
