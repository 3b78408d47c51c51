package io.sluice.consumer;

import io.sluice.consumer.engine.Loop;
import io.sluice.consumer.engine.PollLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plain thread that turns the poll loop until it is told to stop. It never runs anything else. */
final class PollThread {
    private static final Logger log = LoggerFactory.getLogger(PollThread.class);

    /** The first look comes soon, for as a rule little is missing; the later ones are rarer, for they cost something. */
    private static final long FIRST_LOOK_NANOS = 100_000;

    private static final long RAREST_LOOK_NANOS = 2_000_000;

    private final PollLoop loop;
    private final Loop hears;
    private final Promise<Void> ended = Promise.promise();
    private volatile boolean stopping;

    /** @param hears of the end */
    PollThread(String name, PollLoop loop, Loop hears) {
        this.loop = loop;
        this.hears = hears;
        Thread thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Completes, on the loop, when the thread has left the group; fails with what ended it unasked. */
    Future<Void> ended() {
        return ended.future();
    }

    /** Any thread, after a drain. */
    Future<Void> stop() {
        stopping = true;
        loop.stop();
        return ended();
    }

    private void run() {
        Throwable failure = null;
        try {
            loop.start();
            while (!stopping) {
                loop.turn();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        try {
            loop.close(failure == null);
        } catch (RuntimeException | Error e) {
            log.warn("Leaving the group failed; the broker will notice by the session's end: {}", e.toString());
        }
        Throwable end = failure;
        hears.execute(() -> {
            if (end == null) {
                ended.complete();
            } else {
                ended.fail(end);
            }
        });
    }

    /** The poll thread's way to wait. */
    static boolean await(BooleanSupplier condition, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        long pause = FIRST_LOOK_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, RAREST_LOOK_NANOS);
        }
        return true;
    }
}
