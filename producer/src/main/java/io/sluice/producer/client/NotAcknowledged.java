package io.sluice.producer.client;

import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * The broker has not acknowledged a task for as long as Kafka's own delivery timeout allows, or refused it. After a
 * timeout it may have been written all the same: who sends it again should give it the same id.
 */
public final class NotAcknowledged extends RuntimeException {
    /** @param cause what Kafka says */
    public NotAcknowledged(String id, Exception cause) {
        super("task " + id + " was not acknowledged: " + firstLine(cause), cause);
    }

    /** Whether it is the task's own fault, so that sending it again would not help. */
    public boolean tooLarge() {
        return getCause() instanceof RecordTooLargeException;
    }

    private static String firstLine(Exception cause) {
        String message = cause.getMessage();
        return message == null ? cause.toString() : message.lines().findFirst().orElse(cause.toString());
    }
}
