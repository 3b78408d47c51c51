package io.sluice.consumer.engine;

import org.apache.kafka.common.TopicPartition;

/** One topic partition at one consumer, from its assignment to its revocation or loss. */
final class SimLife {
    final SimConsumer consumer;
    final TopicPartition id;

    /** When, in steps, the last commit was made that has been acknowledged. */
    private long committedAt;

    SimLife(SimConsumer consumer, TopicPartition id) {
        this.consumer = consumer;
        this.id = id;
    }

    void acknowledged(long madeAt) {
        committedAt = Math.max(committedAt, madeAt);
    }

    /** Whether a task that was settled then has been committed since. */
    boolean knows(long settledAt) {
        return settledAt < committedAt;
    }
}
