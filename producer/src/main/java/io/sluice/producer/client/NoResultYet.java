package io.sluice.producer.client;

/** A task has no result in the time that its caller would wait. It goes on, and its result will be on the results topic. */
public final class NoResultYet extends RuntimeException {
    private final String id;

    NoResultYet(String id, String when) {
        super("task " + id + " has no result " + when);
        this.id = id;
    }

    /** The task's, by which its result can still be found. */
    public String id() {
        return id;
    }
}
