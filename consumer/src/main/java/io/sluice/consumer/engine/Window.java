package io.sluice.consumer.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Bounds what is in memory, and what a commit has to say: pauses a topic partition with too much unsettled, and resumes it
 * when half of that is settled, since either may cost the client a round trip. Poll thread only.
 */
final class Window {
    /** So many unsettled records fit into a commit's map, in up to 31 ranges of 65,536 offsets. */
    private static final int MAP_RECORDS = 1_400;

    /** For all partitions of the consumer together. */
    private static final long BYTES = 64L << 20;

    /** How long to wait for records: shorter while tasks are unsettled, for commits and resumes to be on time. */
    private static final Duration POLL_WHILE_BUSY = Duration.ofMillis(20);

    private static final Duration POLL_WHILE_IDLE = Duration.ofMillis(100);
    private static final Duration SHORTEST_POLL = Duration.ofMillis(1);

    private final Source source;
    private final int records;
    private final int mapBytes;
    private final Set<TopicPartition> paused = new HashSet<>();

    /** @param maxPollRecords come in addition, before a partition can be paused */
    Window(Source source, int maxPollRecords) {
        this.source = source;
        this.records = records(maxPollRecords);
        this.mapBytes = OffsetMap.MOST_BYTES - (OffsetMap.bytes(maxPollRecords, 2) - OffsetMap.bytes(0, 0));
    }

    /** How many records of one topic partition may be unsettled before it is paused. Any thread. */
    static int records(int maxPollRecords) {
        return MAP_RECORDS - maxPollRecords;
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

    /** @param taking false pauses all of them */
    void adjust(Collection<OwnedPartition> owned, boolean taking) {
        List<Twin> twins =
                owned.stream().flatMap(partition -> partition.twins().stream()).toList();
        long total = twins.stream().mapToLong(twin -> twin.tracker.bytes()).sum();
        long fairShare = BYTES / Math.max(1, twins.size());
        Set<TopicPartition> pausing = new HashSet<>();
        Set<TopicPartition> resuming = new HashSet<>();
        for (Twin twin : twins) {
            OffsetTracker tracker = twin.tracker;
            if (!paused.contains(twin.id)) {
                if (!taking || (exceeds(tracker, 1, total, fairShare) && looked(tracker, 1, total, fairShare))) {
                    pausing.add(twin.id);
                }
            } else if (taking && !looked(tracker, 2, total, fairShare)) {
                resuming.add(twin.id);
            }
        }
        if (!pausing.isEmpty()) {
            source.pause(pausing);
            paused.addAll(pausing);
        }
        if (!resuming.isEmpty()) {
            source.resume(resuming);
            paused.removeAll(resuming);
        }
    }

    /** As {@link #exceeds}, of what is unsettled now. */
    private boolean looked(OffsetTracker tracker, int part, long total, long fairShare) {
        long before = tracker.bytes();
        tracker.look();
        return exceeds(tracker, part, total - before + tracker.bytes(), fairShare);
    }

    /**
     * Whether it holds more than that part of what it may. All share the bytes, so that one may have them all while the
     * others need none; when they are used up, those are paused that hold more than their share.
     */
    private boolean exceeds(OffsetTracker tracker, int part, long total, long fairShare) {
        return tracker.unsettled() > records / part
                || tracker.mapBytes() > mapBytes / part
                || (total > BYTES / part && tracker.bytes() > fairShare / part);
    }

    /** These are not owned any more: whoever gets them again finds them running. */
    void forget(Collection<OwnedPartition> partitions) {
        partitions.forEach(partition -> partition.twins().forEach(twin -> paused.remove(twin.id)));
    }
}
