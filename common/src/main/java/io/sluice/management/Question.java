package io.sluice.management;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/** Asks something that lives on another event loop, which may be blocked, and does not wait for ever. */
final class Question {
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private Question() {}

    /**
     * Asks now. The caller's event loop.
     *
     * @return completes on the caller's event loop; fails with {@link NoAnswer} when the time is over
     */
    static <T> Future<T> ask(Vertx vertx, Supplier<? extends Future<? extends T>> question) {
        Context own = vertx.getOrCreateContext();
        Promise<T> answer = Promise.promise();
        long timer = vertx.setTimer(PATIENCE.toMillis(), late -> answer.tryFail(new NoAnswer(PATIENCE)));
        Future<? extends T> asked;
        try {
            asked = question.get();
        } catch (RuntimeException e) {
            asked = Future.failedFuture(e);
        }
        asked.onComplete(
                given -> own.runOnContext(turn -> {
                    vertx.cancelTimer(timer);
                    answer.tryComplete(given);
                }),
                failure -> own.runOnContext(turn -> {
                    vertx.cancelTimer(timer);
                    answer.tryFail(failure);
                }));
        return answer.future();
    }
}
