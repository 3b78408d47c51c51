package io.sluice.consumer.engine;

import org.apache.kafka.common.TopicPartition;

/** One topic partition at one consumer, from its assignment to its revocation or loss. */
final class SimLife {
    final SimConsumer consumer;
    final TopicPartition id;

    /** When, in steps, the last commit was made that has been acknowledged, and up to where it went. */
    private long committedAt;

    private long committed;

    SimLife(SimConsumer consumer, TopicPartition id) {
        this.consumer = consumer;
        this.id = id;
    }

    void acknowledged(long madeAt, long offset) {
        committedAt = Math.max(committedAt, madeAt);
        committed = Math.max(committed, offset);
    }

    /** Whether a task that was settled then has been committed since. */
    boolean knows(long offset, long settledAt) {
        return settledAt < committedAt && offset < committed;
    }
}
