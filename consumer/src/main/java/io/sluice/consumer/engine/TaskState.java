package io.sluice.consumer.engine;

/** What a task that is not settled yet is doing. */
public enum TaskState {
    WAITING("waiting in its lane"),
    PERMIT("waiting for a permit of its type or consumer"),
    RUNNING("running"),
    BACKING_OFF("backing off, or not due"),
    STUCK("stuck: it has ignored its cancellation"),
    SETTLING("settling: the broker has not acknowledged what it owes");

    private final String words;

    TaskState(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
