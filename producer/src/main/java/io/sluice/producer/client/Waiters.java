package io.sluice.producer.client;

import io.sluice.record.TaskResult;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who waits for the result of which task. One event loop owns it. */
public final class Waiters {
    private final Context context;
    private final Map<String, List<Promise<TaskResult>>> byId = new HashMap<>();

    public Waiters(Context context) {
        this.context = context;
    }

    /**
     * Waits for a task's result. To be called before the task is submitted.
     *
     * @return fails with {@link NoResultYet} after that time; whoever cannot submit the task fails it sooner
     */
    public Promise<TaskResult> await(String id, Duration time) {
        Promise<TaskResult> promise = Promise.promise();
        byId.computeIfAbsent(id, first -> new ArrayList<>(1)).add(promise);
        long timer = context.owner()
                .setTimer(
                        Math.max(1, time.toMillis()),
                        late -> promise.tryFail(new NoResultYet(id, "after " + time.toMillis() + " ms")));
        promise.future().onComplete(done -> {
            context.owner().cancelTimer(timer);
            forget(id, promise);
        });
        return promise;
    }

    private void forget(String id, Promise<TaskResult> promise) {
        List<Promise<TaskResult>> waiting = byId.get(id);
        if (waiting != null && waiting.remove(promise) && waiting.isEmpty()) {
            byId.remove(id);
        }
    }

    /** Tells those who wait for it. */
    public void settle(TaskResult result) {
        List<Promise<TaskResult>> waiting = byId.remove(result.taskId());
        if (waiting != null) {
            waiting.forEach(promise -> promise.tryComplete(result));
        }
    }

    /** Nobody waits any longer: all fail with {@link NoResultYet}. */
    public void giveUp() {
        Map<String, List<Promise<TaskResult>>> all = new HashMap<>();
        byId.forEach((id, waiting) -> all.put(id, List.copyOf(waiting)));
        all.forEach((id, waiting) -> waiting.forEach(
                promise -> promise.tryFail(new NoResultYet(id, "when whoever watched for it was stopped"))));
    }
}
