package io.sluice.consumer.engine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What holds back the commit of one topic's partition: the first task in it that is not settled.
 *
 * @param partition of the topic that it was read from
 * @param offset its own
 * @param task which one it is
 * @param age since it was read
 * @param attempts how many were made, the running one included
 * @param state what it is doing
 */
public record Stall(TopicPartition partition, long offset, Who task, Duration age, int attempts, TaskState state) {
    /**
     * A task's names.
     *
     * @param key null if it has none
     */
    public record Who(String id, String type, @Nullable String key) {}

    static Stall of(Task task, TaskState state, long now) {
        byte[] key = task.record.key();
        return new Stall(
                new TopicPartition(task.record.topic(), task.record.partition()),
                task.record.offset(),
                new Who(
                        task.id(),
                        task.envelope().type(),
                        key == null ? null : new String(key, StandardCharsets.UTF_8)),
                Duration.ofNanos(now - task.acceptedNanos),
                task.attempts,
                state);
    }

    /** All of it in one line. */
    @Override
    public String toString() {
        return partition + " offset " + offset + ": task " + task.id + " (type " + task.type
                + (task.key == null ? ", no key" : ", key " + task.key) + ", attempt " + attempts + ") for "
                + age.toSeconds() + " s, " + state;
    }
}
