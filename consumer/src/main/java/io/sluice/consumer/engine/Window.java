package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Bounds what is in memory: pauses a partition with too much unsettled, and resumes it when half of that is settled, since
 * either may cost the client a round trip. Poll thread only.
 */
final class Window {
    private static final int RECORDS = 900;

    /** For all partitions of the consumer together. */
    private static final long BYTES = 64L << 20;

    /** How long to wait for records: shorter while tasks are unsettled, for commits and resumes to be on time. */
    private static final Duration POLL_WHILE_BUSY = Duration.ofMillis(20);

    private static final Duration POLL_WHILE_IDLE = Duration.ofMillis(100);

    private final Source source;
    private final Set<TopicPartition> paused = new HashSet<>();

    Window(Source source) {
        this.source = source;
    }

    /** How long a poll may wait for records. */
    Duration patience(Collection<OwnedPartition> owned) {
        boolean idle = owned.stream().allMatch(partition -> partition.tracker.isWithin(0, 0));
        return idle ? POLL_WHILE_IDLE : POLL_WHILE_BUSY;
    }

    /** @param taking false pauses all of them */
    void adjust(Collection<OwnedPartition> owned, boolean taking) {
        long bytesEach = BYTES / Math.max(1, owned.size());
        Set<TopicPartition> pausing = new HashSet<>();
        Set<TopicPartition> resuming = new HashSet<>();
        for (OwnedPartition partition : owned) {
            if (paused.contains(partition.id)) {
                if (taking && partition.tracker.isWithin(RECORDS / 2, bytesEach / 2)) {
                    resuming.add(partition.id);
                }
            } else if (!taking || !partition.tracker.isWithin(RECORDS, bytesEach)) {
                pausing.add(partition.id);
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

    /** These are not owned any more: whoever gets them again finds them running. */
    void forget(Collection<TopicPartition> partitions) {
        paused.removeAll(Set.copyOf(partitions));
    }
}
