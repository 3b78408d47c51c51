package io.sluice.producer.submit;

import io.sluice.producer.client.BufferFull;
import io.sluice.producer.client.Join;
import io.sluice.producer.client.ResultWatch;
import io.sluice.producer.client.Tasks;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.sluice.settings.Settings;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Submits tasks, and joins them if that is wanted: complete when each has its result on the results topic. One worker
 * context owns it, which is one thread at a time and may block: who writes results to a slow place slows down the reading of
 * them and nothing else. The methods may be called from any thread.
 */
public final class Submission {
    /** Hears what became of tasks that were handed over together, by their places in that list. On the owning context. */
    public interface Receipts {
        Receipts UNHEARD = new Receipts() {
            @Override
            public void acknowledged(int index) {}

            @Override
            public void refused(int index, Throwable cause) {}
        };

        void acknowledged(int index);

        void refused(int index, Throwable cause);
    }

    /**
     * How far it has come.
     *
     * @param taken tasks that the broker has acknowledged
     * @param settled tasks that have their result
     * @param failed those of them that failed for good
     * @param refused tasks that the broker did not take
     * @param refusal why, of the last of those
     */
    public record State(
            int taken,
            int settled,
            int failed,
            int refused,
            @Nullable String refusal) {}

    private final Context context;
    private final String deployment;
    private final Tasks tasks;
    private final @Nullable Join join;
    private final Promise<Void> answered = Promise.promise();
    private @Nullable ResultWatch watch;
    private int expected;
    private boolean complete;
    private volatile boolean stopped;
    private volatile State state = new State(0, 0, 0, 0, null);

    private Submission(Context context, String deployment, Tasks tasks, @Nullable Join join) {
        this.context = context;
        this.deployment = deployment;
        this.tasks = tasks;
        this.join = join;
    }

    /** Opens one that joins nothing. */
    public static Future<Submission> unjoined(Vertx vertx, Tasks tasks) {
        return open(vertx, tasks, null);
    }

    /**
     * Opens one that joins all that it is given.
     *
     * @param tasks where the tasks go; the caller closes it
     * @param onSettled takes each task's result once, on the owning context
     * @return completes when no result of a task submitted from then on can be missed
     */
    public static Future<Submission> open(
            Vertx vertx, Settings settings, Tasks tasks, Consumer<List<TaskResult>> onSettled) {
        return open(vertx, settings, tasks, new Join(), null, onSettled);
    }

    /**
     * Opens one that joins what the join is waiting for; one that is not sealed is told of all that is submitted, too.
     *
     * @param from results of this time and later count, too
     */
    public static Future<Submission> open(
            Vertx vertx,
            Settings settings,
            Tasks tasks,
            Join join,
            @Nullable Instant from,
            Consumer<List<TaskResult>> onSettled) {
        return open(vertx, tasks, join)
                .compose(submission -> ResultWatch.start(
                                submission.context,
                                settings.kafka(),
                                settings.topics().results(),
                                from,
                                results -> submission.settle(join, results, onSettled))
                        .map(watch -> {
                            submission.watch = watch;
                            return submission;
                        })
                        .recover(failure -> submission.close().transform(closed -> Future.failedFuture(failure))));
    }

    private static Future<Submission> open(Vertx vertx, Tasks tasks, @Nullable Join join) {
        Promise<Context> started = Promise.promise();
        DeploymentOptions worker = new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER);
        return vertx.deployVerticle(
                        context -> {
                            started.complete(context);
                            return Future.succeededFuture();
                        },
                        worker)
                .compose(deployment ->
                        started.future().map(context -> new Submission(context, deployment, tasks, join)));
    }

    /** Hands tasks to the producer, as {@link #submit(List, Receipts)} does. */
    public Future<Void> submit(List<NewTask> some) {
        return submit(some, Receipts.UNHEARD);
    }

    /**
     * Hands tasks to the producer.
     *
     * @return completes when it has taken them all, which is later when its buffer is full: the way to be slowed down; or
     *     when it was stopped
     */
    public Future<Void> submit(List<NewTask> some, Receipts receipts) {
        Promise<Void> taken = Promise.promise();
        context.runOnContext(ignored -> submit(some, receipts, 0, taken));
        return taken.future();
    }

    private void submit(List<NewTask> some, Receipts receipts, int from, Promise<Void> taken) {
        for (int i = from; i < some.size() && !stopped; i++) {
            int index = i;
            NewTask task = some.get(i);
            Future<?> receipt = tasks.submit(task);
            if (receipt.failed() && receipt.cause() instanceof BufferFull) {
                tasks.room().onComplete(room -> submit(some, receipts, index, taken));
                return;
            }
            if (join != null && !join.isSealed()) {
                join.expect(task.id());
            }
            expected++;
            receipt.onSuccess(acknowledged -> {
                        receipts.acknowledged(index);
                        answered(state.taken() + 1, state.refused(), state.refusal());
                    })
                    .onFailure(failure -> {
                        if (join != null) {
                            join.forget(task.id());
                        }
                        receipts.refused(index, failure);
                        answered(state.taken(), state.refused() + 1, failure.getMessage());
                    });
        }
        taken.complete();
    }

    private void answered(int taken, int refused, @Nullable String refusal) {
        state = new State(taken, state.settled(), state.failed(), refused, refusal);
        completeIfAnswered();
    }

    private void completeIfAnswered() {
        if (complete && state.taken() + state.refused() == expected) {
            answered.tryComplete();
        }
    }

    private void settle(Join join, List<TaskResult> results, Consumer<List<TaskResult>> onSettled) {
        List<TaskResult> settled = join.settle(results);
        if (!settled.isEmpty()) {
            // Before it is said that they are settled: who waits for the last of them finds it written.
            onSettled.accept(settled);
            state = new State(state.taken(), join.done(), join.failed(), state.refused(), state.refusal());
        }
    }

    /** Hands over no more tasks, and completes those calls of {@link #submit} that wait for room. */
    public void stop() {
        stopped = true;
    }

    /** There are no more tasks. Completes when the broker has answered for every one of them. */
    public Future<Void> answered() {
        context.runOnContext(ignored -> {
            complete = true;
            completeIfAnswered();
        });
        return answered.future();
    }

    /** There are no more tasks. Completes when every one that the broker took is settled, if they are joined. */
    public Future<Void> join() {
        Promise<Void> joined = Promise.promise();
        context.runOnContext(ignored -> {
            if (join == null) {
                joined.complete();
            } else {
                join.seal().onComplete(joined);
            }
        });
        return joined.future();
    }

    /** Runs something on the owning context, after all that it has heard of so far. */
    public Future<Void> run(Runnable task) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> {
            task.run();
            done.complete();
        });
        return done.future();
    }

    public State state() {
        return state;
    }

    /** Follows the results no more; completes when nothing of it is left. */
    public Future<Void> close() {
        ResultWatch watching = watch;
        Future<Void> unwatched = watching == null ? Future.succeededFuture() : watching.close();
        return unwatched.eventually(() -> context.owner().undeploy(deployment));
    }
}
