package io.sluice.consumer.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** A worker pool whose only thread is the test's, and only when it says so. */
final class ManualExecutor implements Executor {
    private final Deque<Runnable> queue = new ArrayDeque<>();

    @Override
    public void execute(Runnable call) {
        queue.add(call);
    }

    /** Runs the call that has waited longest. */
    void runNext() {
        queue.remove().run();
    }

    int queued() {
        return queue.size();
    }
}
