package io.sluice.producer.submit;

import io.sluice.producer.client.BufferFull;
import io.sluice.producer.client.Join;
import io.sluice.producer.client.ResultWatch;
import io.sluice.producer.client.Tasks;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.sluice.settings.Settings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Submits tasks and joins them: complete when each has its result on the results topic. One event loop owns it; its
 * methods may be called from any thread.
 */
public final class Submission {
    private final Context context;
    private final Tasks tasks;
    private final Consumer<List<TaskResult>> onSettled;
    private final Join join = new Join();
    private @Nullable ResultWatch watch;
    private final Promise<Void> answered = Promise.promise();
    private int expected;
    private boolean complete;
    private volatile State state = new State(0, 0, 0, 0, null);

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

    private Submission(Context context, Tasks tasks, Consumer<List<TaskResult>> onSettled) {
        this.context = context;
        this.tasks = tasks;
        this.onSettled = onSettled;
    }

    /**
     * Opens one.
     *
     * @param tasks where the tasks go; the caller closes it
     * @param onSettled takes each task's result once, on the owning event loop
     * @return completes when no result of a task submitted from then on can be missed
     */
    public static Future<Submission> open(
            Vertx vertx, Settings settings, Tasks tasks, Consumer<List<TaskResult>> onSettled) {
        Context context = vertx.getOrCreateContext();
        Submission submission = new Submission(context, tasks, onSettled);
        return ResultWatch.start(context, settings.kafka(), settings.topics().results(), null, submission::settle)
                .map(watch -> {
                    submission.watch = watch;
                    return submission;
                });
    }

    /**
     * Hands tasks to the producer.
     *
     * @return completes when it has taken them all, which is later when its buffer is full: the way to be slowed down
     */
    public Future<Void> submit(List<NewTask> some) {
        Promise<Void> taken = Promise.promise();
        context.runOnContext(ignored -> submit(some, 0, taken));
        return taken.future();
    }

    private void submit(List<NewTask> some, int from, Promise<Void> taken) {
        for (int i = from; i < some.size(); i++) {
            NewTask task = some.get(i);
            Future<?> receipt = tasks.submit(task);
            if (receipt.failed() && receipt.cause() instanceof BufferFull) {
                int again = i;
                tasks.room().onComplete(room -> submit(some, again, taken));
                return;
            }
            join.expect(task.id());
            expected++;
            receipt.onSuccess(acknowledged -> answered(state.taken() + 1, state.refused(), state.refusal()))
                    .onFailure(failure -> {
                        join.forget(task.id());
                        answered(state.taken(), state.refused() + 1, failure.getMessage());
                    });
        }
        taken.complete();
    }

    private void answered(int taken, int refused, @Nullable String refusal) {
        state = new State(taken, join.done(), join.failed(), refused, refusal);
        completeIfAnswered();
    }

    private void completeIfAnswered() {
        if (complete && state.taken() + state.refused() == expected) {
            answered.tryComplete();
        }
    }

    private void settle(List<TaskResult> results) {
        List<TaskResult> settled = join.settle(results);
        if (!settled.isEmpty()) {
            state = new State(state.taken(), join.done(), join.failed(), state.refused(), state.refusal());
            onSettled.accept(settled);
        }
    }

    /** There are no more tasks. Completes when the broker has answered for every one of them. */
    public Future<Void> answered() {
        context.runOnContext(ignored -> {
            complete = true;
            completeIfAnswered();
        });
        return answered.future();
    }

    /** There are no more tasks. Completes when every one that the broker took is settled. */
    public Future<Void> join() {
        Promise<Void> joined = Promise.promise();
        context.runOnContext(ignored -> join.seal().onComplete(joined));
        return joined.future();
    }

    public State state() {
        return state;
    }

    /** Follows the results no more; completes when its thread has ended. */
    public Future<Void> close() {
        ResultWatch watching = watch;
        return watching == null ? Future.succeededFuture() : watching.close();
    }
}
