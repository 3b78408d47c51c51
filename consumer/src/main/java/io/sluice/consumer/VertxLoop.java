package io.sluice.consumer;

import io.sluice.consumer.engine.Loop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;

/** A verticle's event loop as the engine's loop. */
final class VertxLoop implements Loop {
    private final Vertx vertx;
    private final Context context;

    VertxLoop(Vertx vertx, Context context) {
        this.vertx = vertx;
        this.context = context;
    }

    @Override
    public void execute(Runnable action) {
        context.runOnContext(ignored -> action.run());
    }

    @Override
    public void run(Runnable action) {
        // A worker thread that runs a call of the loop's has the same current context.
        if (Context.isOnEventLoopThread() && Vertx.currentContext() == context) {
            action.run();
        } else {
            execute(action);
        }
    }

    /** Rounded up to Vert.x's milliseconds, so that a wait is never shorter than asked for. */
    @Override
    public Timer after(Duration delay, Runnable action) {
        long millis = Math.max(1, delay.plusNanos(999_999).toMillis());
        long id = vertx.setTimer(millis, ignored -> action.run());
        return () -> vertx.cancelTimer(id);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }
}
