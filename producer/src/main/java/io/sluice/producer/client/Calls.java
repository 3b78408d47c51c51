package io.sluice.producer.client;

import io.sluice.record.TaskResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that are submitted and waited for. The results are followed from the first call on, which therefore takes longer
 * than those after it. Its methods may be called from any thread; the context that made it owns the state.
 */
final class Calls {
    /** Starts to follow the results. */
    interface Results extends Function<Consumer<List<TaskResult>>, ResultFeed> {}

    private final Context context;
    private final Function<Context, Results> results;
    private final Waiters waiters;
    private @Nullable ResultFeed feed;
    private boolean closed;

    Calls(Vertx vertx, Function<Context, Results> results) {
        this.context = vertx.getOrCreateContext();
        this.results = results;
        this.waiters = new Waiters(context);
    }

    /**
     * Submits, and waits for the result, for at most this long in all.
     *
     * @param submit called once the result cannot be missed any more; not at all if that takes too long
     * @return completes on the owning context
     */
    Future<TaskResult> call(String id, Duration timeout, Supplier<Future<Receipt>> submit) {
        Promise<TaskResult> called = Promise.promise();
        context.runOnContext(start -> {
            Promise<TaskResult> result = waiters.await(id, timeout);
            result.future().onComplete(called);
            following()
                    .compose(started -> result.future().isComplete() ? Future.succeededFuture() : submit.get())
                    .onFailure(refused -> context.runOnContext(later -> result.tryFail(refused)));
        });
        return called.future();
    }

    private Future<Void> following() {
        if (closed) {
            return Future.failedFuture(new IllegalStateException("the client is closed"));
        }
        ResultFeed current = feed;
        if (current == null) {
            current = results.apply(context).apply(found -> found.forEach(waiters::settle));
            feed = current;
        } else if (current.started().failed()) {
            Future<Void> unused = current.close();
            feed = null;
            return following();
        }
        return current.started();
    }

    /** Fails whoever still waits. */
    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(start -> {
            closed = true;
            waiters.giveUp();
            (feed == null ? Future.<Void>succeededFuture() : feed.close()).onComplete(done);
        });
        return done.future();
    }
}
