package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the group how far its partitions are settled: one commit in flight, and again until it is acknowledged. Poll thread only. */
final class Commits {
    private static final Logger log = LoggerFactory.getLogger(Commits.class);

    private final Source source;
    private final Loop clock;
    private final Duration interval;
    private final Seldom failures;
    private boolean inFlight;
    private long nextNanos;

    /** @param interval between commits, while tasks settle */
    Commits(Source source, Loop clock, Duration interval) {
        this.source = source;
        this.clock = clock;
        this.interval = interval;
        this.failures = new Seldom(clock);
        this.nextNanos = clock.nanoTime();
    }

    /** Sends what is new, if the interval is over and the last commit has been answered. */
    void whenDue(Collection<OwnedPartition> owned) {
        if (inFlight || clock.nanoTime() - nextNanos < 0) {
            return;
        }
        nextNanos = clock.nanoTime() + interval.toNanos();
        // Of these lives: by the time of the answer a partition may have gone and come back.
        List<OwnedPartition> committing = List.copyOf(owned);
        Map<TopicPartition, OffsetAndMetadata> offsets = committable(committing);
        if (!offsets.isEmpty()) {
            send(offsets, committing);
        }
    }

    private void send(Map<TopicPartition, OffsetAndMetadata> offsets, List<OwnedPartition> committing) {
        inFlight = true;
        try {
            source.commitAsync(offsets, (committed, failure) -> {
                inFlight = false;
                if (failure == null) {
                    acknowledged(offsets, committing);
                } else if (failures.now()) {
                    log.warn("A commit failed and will be made again: {}", failure.toString());
                }
            });
        } catch (RuntimeException e) {
            inFlight = false;
            throw e;
        }
    }

    /** Waits until what is new has been answered, for so long at most. A failure is logged only: its tasks run again. */
    void now(Collection<OwnedPartition> leaving, Duration atMost) {
        Map<TopicPartition, OffsetAndMetadata> offsets = committable(leaving);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            source.commitSync(offsets, atMost);
            acknowledged(offsets, leaving);
        } catch (RuntimeException e) {
            log.warn("The last commit of {} failed, its tasks will run again: {}", offsets.keySet(), e.toString());
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> committable(Collection<OwnedPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (OwnedPartition partition : partitions) {
            OffsetAndMetadata offset = partition.tracker.committable();
            if (offset != null) {
                offsets.put(partition.id, offset);
            }
        }
        return offsets;
    }

    private static void acknowledged(
            Map<TopicPartition, OffsetAndMetadata> offsets, Collection<OwnedPartition> partitions) {
        for (OwnedPartition partition : partitions) {
            OffsetAndMetadata offset = offsets.get(partition.id);
            if (offset != null) {
                partition.tracker.committed(offset.offset());
            }
        }
    }
}
