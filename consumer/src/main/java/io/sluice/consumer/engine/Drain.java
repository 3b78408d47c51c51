package io.sluice.consumer.engine;

import io.vertx.core.Promise;

/** A shutdown that has begun: counts what becomes of every task that it found, once. Loop thread only. */
final class Drain {
    private final Attempts attempts;
    private final Promise<DrainAccount> account;
    private int finished;
    private int cancelled;
    private int left;

    Drain(Attempts attempts, Promise<DrainAccount> account) {
        this.attempts = attempts;
        this.account = account;
    }

    /** A task that does not run is given back. */
    void left() {
        left++;
    }

    /** A running attempt has ended or is stuck, and its task is settling or given back. */
    void ended(Attempt attempt) {
        if (attempt.task.end() != Task.End.DROPPED) {
            finished++;
        } else if (attempt.cancel == Attempt.Cancel.HANDOVER) {
            cancelled++;
        } else {
            left++;
        }
        finishIfOver();
    }

    /** Completes the account when nothing runs any more but what is stuck. */
    void finishIfOver() {
        if (attempts.running() == 0) {
            account.tryComplete(new DrainAccount(finished, cancelled, attempts.stuck(), left));
        }
    }
}
