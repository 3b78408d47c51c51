package io.sluice.consumer.engine;

import io.sluice.record.Envelope;
import io.sluice.record.Undecodable;

/**
 * Makes tasks of records.
 *
 * @param defaultType the type of a task that names none
 */
record Decoding(String defaultType, TaskTypes types) {
    /** @throws Undecodable if its headers, or its envelope, make no sense */
    void read(Task task) throws Undecodable {
        Envelope envelope = Envelope.read(task.record, defaultType);
        task.accept(envelope, types.of(envelope.type()));
    }

    /** Takes what can be said of a record that cannot be read, or that there is none of. */
    void readWhatThereIs(Task task) {
        task.accept(Envelope.ofUndecodable(task.record, defaultType), types.unknown());
    }
}
