package io.sluice.consumer.engine;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Code of an attempt on a worker thread. Cancelling interrupts the thread while it runs this code and never after, and
 * skips code whose turn has not come. The lock is held for a few instructions only.
 */
final class BlockingCall<T> implements Runnable {
    private enum State {
        QUEUED,
        RUNNING,
        ENDED
    }

    private final Callable<T> code;
    private final Consumer<Runnable> loop;
    private final Runnable onStart;
    private final Consumer<BlockingCall<?>> onEnd;
    private final Promise<T> promise = Promise.promise();
    private State state = State.QUEUED;
    private @Nullable Thread runner;

    /**
     * @param loop runs an action on the loop
     * @param onStart runs on the worker thread, just before the code
     * @param onEnd runs on the loop, before the future completes
     */
    BlockingCall(Callable<T> code, Consumer<Runnable> loop, Runnable onStart, Consumer<BlockingCall<?>> onEnd) {
        this.code = code;
        this.loop = loop;
        this.onStart = onStart;
        this.onEnd = onEnd;
    }

    Future<T> future() {
        return promise.future();
    }

    @Override
    public void run() {
        synchronized (this) {
            if (state != State.QUEUED) {
                return;
            }
            state = State.RUNNING;
            runner = Thread.currentThread();
        }
        Future<T> outcome;
        try {
            onStart.run();
            outcome = Future.succeededFuture(code.call());
        } catch (Throwable thrown) {
            outcome = Future.failedFuture(thrown);
        } finally {
            synchronized (this) {
                state = State.ENDED;
                runner = null;
                // The thread goes back to its pool: an interrupt meant for this code must not hit the next.
                Thread.interrupted();
            }
        }
        end(outcome);
    }

    /** Interrupts it if it runs; it does not begin if it has not yet. Any thread. */
    void cancel() {
        cancel(new CancellationException("cancelled before its turn came"));
    }

    /** @param unrun what it ends with if it has not begun yet */
    void cancel(Throwable unrun) {
        synchronized (this) {
            if (runner != null) {
                runner.interrupt();
            }
            if (state != State.QUEUED) {
                return;
            }
            state = State.ENDED;
        }
        end(Future.failedFuture(unrun));
    }

    private void end(Future<T> outcome) {
        loop.accept(() -> {
            onEnd.accept(this);
            outcome.onComplete(promise);
        });
    }
}
