package io.sluice.producer.intake;

/** An id that was to make a repetition harmless came again with another task. */
public final class IdReused extends RuntimeException {
    IdReused(String id) {
        super("the Idempotency-Key " + id + " was used for another task; give each task its own");
    }
}
