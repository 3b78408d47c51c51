package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which partitions are owned, and from which offset each of them is read. Poll thread only, but for {@link #count}. */
final class Ownership {
    private static final Logger log = LoggerFactory.getLogger(Ownership.class);

    private static final Duration LEAVING = Duration.ofSeconds(10);

    private final Source source;
    private final Loop clock;
    private final Map<TopicPartition, OwnedPartition> owned = new HashMap<>();

    /**
     * Given back, and perhaps still in the client's assignment, which it changes behind the callback; until when that is
     * believed. A partition that is there for longer has come back without a callback.
     */
    private final Map<TopicPartition, Long> leavingUntilNanos = new HashMap<>();

    private volatile int count;

    Ownership(Source source, Loop clock) {
        this.source = source;
        this.clock = clock;
    }

    Collection<OwnedPartition> all() {
        return owned.values();
    }

    @Nullable
    OwnedPartition get(TopicPartition id) {
        return owned.get(id);
    }

    /** Any thread. */
    int count() {
        return count;
    }

    /** Those of the partitions that are owned. */
    Set<TopicPartition> among(Collection<TopicPartition> partitions) {
        Set<TopicPartition> among = new HashSet<>(partitions);
        among.retainAll(owned.keySet());
        return among;
    }

    /** Those that are owned and not in the client's assignment any more: a client can miss the callback. */
    Set<TopicPartition> unassigned() {
        Set<TopicPartition> unassigned = new HashSet<>(owned.keySet());
        unassigned.removeAll(source.assignment());
        return unassigned;
    }

    /** Takes those in the client's assignment that are not owned: the callback was missed, or it failed. */
    void adoptMissed() {
        Set<TopicPartition> assigned = new HashSet<>(source.assignment());
        leavingUntilNanos
                .entrySet()
                .removeIf(
                        leaving -> !assigned.contains(leaving.getKey()) || leaving.getValue() - clock.nanoTime() <= 0);
        assigned.removeAll(leavingUntilNanos.keySet());
        adopt(assigned, Map.of());
    }

    /** Takes those that have just been assigned. */
    void adopt(Collection<TopicPartition> assigned) {
        leavingUntilNanos.keySet().removeAll(Set.copyOf(assigned));
        adopt(assigned, Map.of());
    }

    /**
     * Reads where each new partition was left, and goes there.
     *
     * @param invalid offsets where there is nothing to be read, even if they were committed
     */
    void adopt(Collection<TopicPartition> assigned, Map<TopicPartition, Long> invalid) {
        Set<TopicPartition> fresh = new HashSet<>(assigned);
        fresh.removeAll(owned.keySet());
        if (fresh.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> committed = source.committed(fresh);
        Map<TopicPartition, Long> beginnings = source.beginnings(fresh);
        for (TopicPartition id : fresh) {
            OffsetAndMetadata from = begin(id, committed.get(id), beginnings.getOrDefault(id, 0L), invalid.get(id));
            source.seek(id, from);
            owned.put(id, new OwnedPartition(id, from.offset()));
        }
        count = owned.size();
        log.debug("Assigned {}", fresh);
    }

    private static OffsetAndMetadata begin(
            TopicPartition id, @Nullable OffsetAndMetadata left, long beginning, @Nullable Long invalid) {
        if (left == null) {
            return new OffsetAndMetadata(beginning);
        }
        if (left.offset() < beginning) {
            log.error(
                    "{} tasks of {} are lost: committed up to offset {}, but the topic begins at {}. Its retention is shorter than the lag",
                    beginning - left.offset(),
                    id,
                    left.offset(),
                    beginning);
            return new OffsetAndMetadata(beginning);
        }
        if (left.offset() > beginning && Objects.equals(left.offset(), invalid)) {
            log.error(
                    "{} was cut off before its committed offset {}: its tasks run again from offset {}",
                    id,
                    left.offset(),
                    beginning);
            return new OffsetAndMetadata(beginning);
        }
        return left;
    }

    /**
     * They have been given back, and are not taken back just because the client's assignment still has them. To be said
     * when the callback ends: it can take longer than that is believed.
     */
    void gaveBack(Collection<TopicPartition> ids) {
        long until = clock.nanoTime() + LEAVING.toNanos();
        ids.forEach(id -> leavingUntilNanos.put(id, until));
    }

    /** Takes them out. */
    List<OwnedPartition> remove(Collection<TopicPartition> ids) {
        List<OwnedPartition> removed = new ArrayList<>();
        for (TopicPartition id : ids) {
            OwnedPartition partition = owned.remove(id);
            if (partition != null) {
                removed.add(partition);
            }
        }
        count = owned.size();
        return removed;
    }
}
