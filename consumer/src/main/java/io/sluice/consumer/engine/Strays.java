package io.sluice.consumer.engine;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;

/** Finds tasks in a partition that is not their key's: a client other than Kafka's own has put them there. Any thread. */
final class Strays {
    private Strays() {}

    /** Whether it has to move to {@link #home}; what was moved there once stays where it is. */
    static boolean isStray(Task task) {
        return task.isElsewhere && !task.envelope().trip().stray();
    }

    /** Whether the record of that partition has a key which belongs into another. */
    static boolean isElsewhere(ConsumerRecord<byte[], byte[]> record, OwnedPartition partition) {
        return record.key() != null && partition.of > 0 && home(record, partition) != record.partition();
    }

    /** The partition of a task that has a key: as Kafka's own partitioner has it, the murmur2 hash of the key. */
    static int home(Task task) {
        return home(task.record, task.partition);
    }

    private static int home(ConsumerRecord<byte[], byte[]> record, OwnedPartition partition) {
        return Utils.toPositive(Utils.murmur2(record.key())) % partition.of;
    }
}
