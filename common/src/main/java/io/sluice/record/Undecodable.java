package io.sluice.record;

/** A record that is no task. Its message says what is wrong with it, in one line. */
public final class Undecodable extends Exception {
    public Undecodable(String message) {
        super(message);
    }
}
