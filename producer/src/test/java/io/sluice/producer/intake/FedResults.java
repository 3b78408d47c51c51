package io.sluice.producer.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.producer.client.ResultFeed;
import io.sluice.record.TaskResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Results that a test makes up. */
public final class FedResults implements Results, ResultFeed {
    private final Promise<Void> caughtUp = Promise.promise();
    private volatile boolean away;
    private volatile @Nullable Instant lostAt;
    private volatile @Nullable Context context;
    private volatile @Nullable Consumer<List<TaskResult>> taker;

    /** None, and all of them are read. */
    public static FedResults none() {
        FedResults results = new FedResults();
        results.caughtUp.complete();
        return results;
    }

    /** Those that were there at the start are still being read, until {@link #catchUp}. */
    public static FedResults behind() {
        return new FedResults();
    }

    public void catchUp() {
        caughtUp.complete();
    }

    /** The broker goes away, or comes back. */
    public void away(boolean away) {
        this.away = away;
    }

    /** A task succeeds with this output. */
    public void succeed(String id, String type, String json) {
        give(new TaskResult(id, type, true, 1, json.getBytes(UTF_8)));
    }

    /** A task fails for good. */
    public void fail(String id, String type, String json) {
        give(new TaskResult(id, type, false, 5, json.getBytes(UTF_8)));
    }

    private void give(TaskResult result) {
        Consumer<List<TaskResult>> to = Objects.requireNonNull(taker);
        Objects.requireNonNull(context).runOnContext(turn -> to.accept(List.of(result)));
    }

    @Override
    public ResultFeed follow(Context context, Instant from, Consumer<List<TaskResult>> onResults) {
        this.context = context;
        taker = onResults;
        return this;
    }

    @Override
    public Future<Void> started() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> caughtUp() {
        return caughtUp.future();
    }

    @Override
    public boolean isCurrent() {
        return !away && caughtUp.future().isComplete();
    }

    /** Some were deleted before they were read. */
    public void lose() {
        lostAt = Instant.now();
    }

    @Override
    public @Nullable Instant lostAt() {
        return lostAt;
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
