package io.sluice.consumer.handlers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.handler.HandlerContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A Vert.x with one event loop context that stands for the consumer's verticle. */
final class Loop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();

    /** Runs the code on the event loop. */
    <T> Future<T> run(Supplier<Future<T>> code) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(
                x -> Future.<Void>succeededFuture().compose(y -> code.get()).onComplete(promise));
        return promise.future();
    }

    /** Runs the code on the event loop and waits for what it comes to. */
    <T> T get(Supplier<Future<T>> code) {
        return value(run(code));
    }

    /** Runs the code on the event loop and waits for its failure. */
    Throwable failure(Supplier<? extends Future<?>> code) {
        return failure(run(() -> code.get().mapEmpty()));
    }

    @SuppressWarnings("NullAway") // a Future<Void> holds null
    static <T> T value(Future<T> future) {
        await().until(future::isComplete);
        if (future.failed()) {
            throw new AssertionError("failed: " + future.cause(), future.cause());
        }
        return future.result();
    }

    static Throwable failure(Future<?> future) {
        await().until(future::isComplete);
        if (future.succeeded()) {
            throw new AssertionError("expected a failure, but got " + future.result());
        }
        return future.cause();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    /** @param options JSON, with single quotes for double ones */
    HandlerContext options(String options, int maxInFlight) {
        try {
            return new HandlerContext(vertx, new ObjectMapper().readTree(options.replace('\'', '"')), maxInFlight);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        value(vertx.close());
    }
}
