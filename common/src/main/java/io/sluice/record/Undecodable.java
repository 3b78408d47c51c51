package io.sluice.record;

/** A record that is no task. Its message says what is wrong with it, in one line. */
public final class Undecodable extends Exception {
    public Undecodable(String message) {
        // There may be one for each record of a topic, and where it was noticed tells nobody anything.
        super(message, null, false, false);
    }
}
