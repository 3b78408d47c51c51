package io.sluice.consumer.engine;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/** The shutdown: whether it has begun, and what becomes of every task that it found, each counted once. Loop thread only. */
final class Drain {
    private final Promise<DrainAccount> account = Promise.promise();
    private boolean begun;
    private int finished;
    private int cancelled;
    private int left;

    void begin() {
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }

    /** Completes when nothing runs any more but what is stuck. */
    Future<DrainAccount> account() {
        return account.future();
    }

    /** A task that does not run is given back. */
    void left() {
        left += begun ? 1 : 0;
    }

    /** An attempt has really ended, and its task is settling or given back. */
    void ended(Attempt attempt) {
        if (!begun) {
            return;
        }
        if (attempt.task.end() != Task.End.DROPPED) {
            finished++;
        } else if (attempt.cancel == Attempt.Cancel.HANDOVER) {
            cancelled++;
        } else {
            left++;
        }
    }

    /**
     * Completes the account if nothing runs any more but what is stuck.
     *
     * @param running attempts that are not stuck
     * @param stuck those that are: their tasks count as nothing else
     */
    void finishIfOver(int running, int stuck) {
        if (begun && running == 0) {
            account.tryComplete(new DrainAccount(finished, cancelled, stuck, left));
        }
    }
}
