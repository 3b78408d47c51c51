package io.sluice.producer.submit;

import io.sluice.producer.client.Tasks;
import io.sluice.producer.form.BadTask;
import io.sluice.record.NewTask;
import io.sluice.settings.Settings;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Finds tasks that Kafka's client would refuse to send, before anything is sent.
 *
 * @param most bytes of a record
 */
record TaskSize(int most) {
    private static final int BY_DEFAULT = 1 << 20;

    /** More than all that is not the task's own: the names of headers, times, and what Kafka adds. */
    private static final int OVERHEAD = 512;

    private static final int MOST_BYTES_A_CHARACTER = 3;

    /** What is no number is refused by the client itself. */
    static TaskSize of(Settings settings) {
        String value = settings.kafka()
                .getOrDefault(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "")
                .strip();
        return new TaskSize(value.matches("\\d{1,9}") ? Integer.parseInt(value) : BY_DEFAULT);
    }

    /**
     * Measures it as the client does.
     *
     * @param line that it comes from, which is part of its id if that is not known yet
     * @throws BadTask if it is too large
     */
    void check(NewTask task, long line) throws BadTask {
        String id = task.id().isEmpty() ? FileFacts.prefix("0".repeat(FileFacts.PREFIX)) + line : task.id();
        int characters = id.length()
                + task.type().length()
                + (task.key() == null ? 0 : task.key().length());
        if ((long) task.payload().length + MOST_BYTES_A_CHARACTER * (long) characters + OVERHEAD <= most) {
            return;
        }
        ProducerRecord<byte[], byte[]> record = new NewTask(
                        id, task.type(), task.key(), task.payload(), task.notBefore(), task.expiry())
                .toRecord("", Tasks.SOURCE, null);
        int size = AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                record.key(),
                record.value(),
                record.headers().toArray());
        if (size > most) {
            throw new BadTask(
                    null,
                    "the task is a record of " + size + " bytes, more than " + ProducerConfig.MAX_REQUEST_SIZE_CONFIG
                            + " of the settings, " + most);
        }
    }
}
