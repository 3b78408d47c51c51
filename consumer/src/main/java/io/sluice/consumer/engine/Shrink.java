package io.sluice.consumer.engine;

import io.sluice.record.DeadLetter;
import io.sluice.record.HeaderNames;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** How much of a record is left when its topic finds it too large: first its stack trace goes, then its value. */
enum Shrink {
    NOT_AT_ALL("whole"),
    STACK_TRACE("without its stack trace"),
    VALUE("as a reference to its task");

    final String words;

    Shrink(String words) {
        this.words = words;
    }

    /** Whether it still says what it has to say when it is smaller: a result and a dead letter do, a task does not. */
    static boolean canShrink(ProducerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader(HeaderNames.SUBJECT) != null
                || record.headers().lastHeader(HeaderNames.REASON) != null;
    }

    /** The step after this one; the last has none. */
    Shrink further() {
        return this == NOT_AT_ALL ? STACK_TRACE : VALUE;
    }

    ProducerRecord<byte[], byte[]> apply(ProducerRecord<byte[], byte[]> record, ConsumerRecord<byte[], byte[]> task) {
        return switch (this) {
            case NOT_AT_ALL -> record;
            case STACK_TRACE -> DeadLetter.withoutStackTrace(record);
            case VALUE -> DeadLetter.reference(record, task);
        };
    }
}
