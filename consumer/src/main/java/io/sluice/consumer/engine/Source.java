package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks come from: what the poll loop needs of a consumer group's member. Poll thread only; every call may throw
 * what the client throws.
 */
public interface Source {
    /** Hears of partitions that come and go, inside {@link Source#poll} and {@link Source#close}. */
    interface Listener {
        void assigned(Collection<TopicPartition> partitions);

        /** Returns only when the partitions may go to another owner. */
        void revoked(Collection<TopicPartition> partitions);

        /** They have gone to another owner already. */
        void lost(Collection<TopicPartition> partitions);
    }

    /** What one poll brought: the records of each partition that has some, in offset order, and where each partition is read next. */
    record Batch(
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records,
            Map<TopicPartition, OffsetAndMetadata> next) {}

    /** Hears of a commit, inside a later {@link Source#poll}. */
    interface CommitCallback {
        void done(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception failure);
    }

    void subscribe(Listener listener);

    /** Whether the group has taken this consumer in, be it without a partition. */
    boolean isMember();

    /** How many answers of any kind have come from brokers so far. Any thread. */
    long answers();

    /**
     * How many records lie behind the position, as of a few seconds ago; empty if that is not known. Asks no broker.
     *
     * @param position where it is read next
     */
    OptionalLong unread(TopicPartition partition, long position);

    Batch poll(Duration timeout);

    Set<TopicPartition> assignment();

    /** The committed offsets; a partition without one is missing. */
    Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions);

    /** The first offsets that still exist. */
    Map<TopicPartition, Long> beginnings(Set<TopicPartition> partitions);

    /** How many partitions the topic has, as far as the client knows. */
    int partitions(String topic);

    /** Reads on from there, and finds out whether the log was truncated since the offset's leader epoch, if it has one. */
    void seek(TopicPartition partition, OffsetAndMetadata offset);

    void pause(Collection<TopicPartition> partitions);

    /** As {@link #pause}, of partitions that have nothing unread: none of their records is on its way, as a rule. */
    void leave(Collection<TopicPartition> partitions);

    /** Ends a {@link #pause} or a {@link #leave}. */
    void resume(Collection<TopicPartition> partitions);

    void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, CommitCallback callback);

    void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout);

    /** Leaves the group. */
    void close(Duration timeout);
}
