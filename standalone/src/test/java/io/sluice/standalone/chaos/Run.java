package io.sluice.standalone.chaos;

/**
 * One run of a handler, as the witness saw it.
 *
 * @param task the task's id
 * @param key the task's key
 * @param pid the process it ran in
 * @param start the number of the event that began it: events are counted from 1, over all processes
 * @param end the number of the event that ended it; {@link Long#MAX_VALUE} while it goes on
 * @param outcome how it ended
 */
record Run(String task, String key, long pid, long start, long end, Outcome outcome) {
    enum Outcome {
        /** It goes on. */
        OPEN,
        /** The handler has done its work. */
        DONE,
        /** The handler failed, as the task told it to. */
        FAILED,
        /** The handler was told to stop and did. */
        CANCELLED,
        /** Its process ended. */
        DIED
    }

    Run ended(long event, Outcome how) {
        return new Run(task, key, pid, start, event, how);
    }
}
