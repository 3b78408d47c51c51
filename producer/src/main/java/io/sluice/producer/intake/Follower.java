package io.sluice.producer.intake;

import io.sluice.producer.client.ResultFeed;
import io.sluice.record.TaskResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the results for as long as a producer lives, also when the broker or the topic is not there yet. One event loop. */
final class Follower {
    private static final Logger log = LoggerFactory.getLogger(Follower.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Context context;
    private final Results results;
    private final Consumer<List<TaskResult>> onResults;
    private final Runnable onCaughtUp;
    private @Nullable ResultFeed feed;
    private boolean closed;
    private boolean warned;

    Follower(Context context, Results results, Consumer<List<TaskResult>> onResults, Runnable onCaughtUp) {
        this.context = context;
        this.results = results;
        this.onResults = onResults;
        this.onCaughtUp = onCaughtUp;
    }

    /** @param from the time of the first result that it must find */
    void start(Instant from) {
        if (closed) {
            return;
        }
        ResultFeed starting = results.follow(context, from, onResults);
        feed = starting;
        starting.caughtUp().onSuccess(done -> onCaughtUp.run());
        starting.started().onFailure(failure -> {
            Future<Void> unused = starting.close();
            if (!warned && !closed) {
                warned = true;
                log.warn("Nobody can be told what became of a task, but this goes on trying: {}", failure.getMessage());
            }
            context.owner().setTimer(AGAIN.toMillis(), timer -> start(from));
        });
    }

    /** Whether it has handed over all that was there a few seconds ago. */
    boolean isCurrent() {
        return feed != null && feed.isCurrent();
    }

    /** When it last missed results; null if it never did. */
    @Nullable
    Instant lostAt() {
        return feed == null ? null : feed.lostAt();
    }

    Future<Void> close() {
        closed = true;
        return feed == null ? Future.succeededFuture() : feed.close();
    }
}
