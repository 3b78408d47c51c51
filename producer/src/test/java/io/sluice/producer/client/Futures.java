package io.sluice.producer.client;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Waits for futures on a test's own thread. */
public final class Futures {
    private Futures() {}

    public static <T> T await(Future<T> future) throws InterruptedException, TimeoutException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the future failed", e.getCause());
        }
    }

    public static Throwable failure(Future<?> future) throws InterruptedException, TimeoutException {
        try {
            Object value = future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
            throw new AssertionError("the future did not fail but gave " + value);
        } catch (ExecutionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }
}
