package io.sluice.consumer.engine;

import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** One record of a topic that consumers read: a task or a copy of one, and what the witness knows of it. */
final class SimRecord {
    final TopicPartition id;
    final ConsumerRecord<byte[], byte[]> record;
    final SimTask task;

    /** How many moves lie behind it. */
    final int hop;

    /** The life of its partition in which it was last read. */
    @Nullable
    SimLife life;

    /** What has been acknowledged to the consumer of that life. */
    SimOutcome outcome = new SimOutcome();

    /** When, in steps, it was settled in that life; 0 if it was not. */
    long settledAt;

    /** When, in steps, it was last read. */
    long readAt;

    /** A commit that the broker has applied says that it is done. */
    boolean committed;

    /** It was settled before a commit that has been acknowledged, so it must not run again. */
    boolean settledBefore;

    int reads;

    SimRecord(TopicPartition id, ConsumerRecord<byte[], byte[]> record, SimTask task, int hop) {
        this.id = id;
        this.record = record;
        this.task = task;
        this.hop = hop;
    }

    long offset() {
        return record.offset();
    }

    /** Whether it has left its consumer's memory in the one way there is. */
    boolean isSettled() {
        return outcome.isMoved() || outcome.isComplete(task);
    }

    /** Whether key and value are the same bytes, and every header is there as it was. */
    boolean isKeptBy(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        if (!Arrays.equals(key, record.key()) || !Arrays.equals(value, record.value())) {
            return false;
        }
        for (Header mine : record.headers()) {
            boolean kept = mine.key().startsWith("sluice-");
            for (Header other : headers.headers(mine.key())) {
                kept |= Arrays.equals(mine.value(), other.value());
            }
            if (!kept) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return id + "@" + record.offset();
    }
}
