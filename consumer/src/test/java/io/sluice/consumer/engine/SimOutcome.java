package io.sluice.consumer.engine;

import io.sluice.settings.Results;

/** Which of a task's owed records have been acknowledged. */
final class SimOutcome {
    private boolean result;
    private boolean defaultResult;
    private boolean deadLetter;
    private boolean failedResult;
    private boolean move;
    private boolean endedWell;
    private int children;

    void result() {
        result = true;
    }

    /** The result that makes a timeout a success. */
    void defaultResult() {
        defaultResult = true;
    }

    void deadLetter() {
        deadLetter = true;
    }

    void failedResult() {
        failedResult = true;
    }

    void move() {
        move = true;
    }

    /** A call of its body has ended well, which says it all if nothing is owed for that. */
    void endedWell() {
        endedWell = true;
    }

    /** @param number of the follow-up task, from 0 */
    void child(int number) {
        children |= 1 << number;
    }

    boolean isMoved() {
        return move;
    }

    /** Whether the task has ended as a success. */
    boolean isSuccess(SimTask task) {
        boolean all = children == (1 << task.plan.output().children()) - 1;
        return defaultResult || (all && (task.results == Results.ALL ? result : endedWell));
    }

    /** Whether the task has ended as a dead letter. */
    boolean isFailure(SimTask task) {
        return deadLetter && (failedResult || task.results == Results.NONE);
    }

    /** Whether everything is acknowledged that is owed, for one way or another of ending. */
    boolean isComplete(SimTask task) {
        return isSuccess(task) || isFailure(task);
    }

    boolean hasAny() {
        return result || defaultResult || deadLetter || failedResult || children != 0;
    }

    boolean hasDeadLetter() {
        return deadLetter;
    }

    boolean hasFailedResult() {
        return failedResult;
    }

    boolean hasResult() {
        return result || defaultResult;
    }

    @Override
    public String toString() {
        return (result ? "result " : "") + (defaultResult ? "default " : "") + (deadLetter ? "dead letter " : "")
                + (failedResult ? "failed result " : "") + (move ? "move " : "") + (endedWell ? "ended well " : "")
                + "children " + Integer.toBinaryString(children);
    }
}
