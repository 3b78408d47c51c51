package io.sluice.consumer.engine;

import org.apache.kafka.common.utils.Utils;

/** Finds tasks in a partition that is not their key's: a client other than Kafka's own has put them there. Any thread. */
final class Strays {
    private Strays() {}

    /** Whether it has to move to {@link #home}; what was moved there once stays where it is. */
    static boolean isStray(Task task) {
        return task.record.key() != null
                && task.partition.of > 0
                && home(task) != task.record.partition()
                && !task.envelope().trip().stray();
    }

    /** The partition of a task that has a key: as Kafka's own partitioner has it, the murmur2 hash of the key. */
    static int home(Task task) {
        return Utils.toPositive(Utils.murmur2(task.record.key())) % task.partition.of;
    }
}
