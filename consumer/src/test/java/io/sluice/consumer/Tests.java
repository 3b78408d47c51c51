package io.sluice.consumer;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waiting for Vert.x on a test's thread. */
final class Tests {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Tests() {}

    static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    /** Waits until it completes, and returns what with. */
    @SuppressWarnings("NullAway") // a Future<Void> holds null
    static <T> T value(Future<T> future) {
        await().until(future::isComplete);
        if (future.failed()) {
            throw new AssertionError("failed: " + future.cause(), future.cause());
        }
        return future.result();
    }

    /** Waits until it fails, and returns why. */
    static Throwable failure(Future<?> future) {
        await().until(future::isComplete);
        if (future.succeeded()) {
            throw new AssertionError("expected a failure, but got " + future.result());
        }
        return future.cause();
    }

    static void close(Vertx vertx) {
        Object unused = value(vertx.close());
    }

    /** How many live threads have a name that begins so. */
    static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }
}
