package io.sluice.consumer.engine;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An asynchronous handler whose attempts end when the test says how. */
final class HeldBody implements TaskType.Body {
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final List<String> started = new ArrayList<>();

    /** One attempt that has started. */
    record Run(Attempt attempt, Promise<Object> promise) {
        void succeed(@Nullable Object output) {
            promise.complete(output);
        }

        void fail(Throwable failure) {
            promise.fail(failure);
        }
    }

    @Override
    public Future<?> start(Attempt attempt) {
        attempt.bodyStarts();
        Run run = new Run(attempt, Promise.promise());
        runs.put(attempt.id(), run);
        started.add(attempt.id());
        return run.promise.future();
    }

    /** The latest attempt at the task of partition 0 at that offset. */
    Run run(long offset) {
        return run(0, offset);
    }

    Run run(int partition, long offset) {
        return run(TestSettings.TOPIC + "-" + partition + "-" + offset);
    }

    /** The latest attempt at the task of that id. */
    Run run(String id) {
        Run run = runs.get(id);
        if (run == null) {
            throw new AssertionError("no attempt has started at " + id + ", only " + started);
        }
        return run;
    }

    /** The ids of all attempts, in the order in which they started. */
    List<String> started() {
        return List.copyOf(started);
    }

    /** The attempts that have not ended. */
    List<Run> running() {
        return runs.values().stream()
                .filter(run -> !run.promise.future().isComplete())
                .toList();
    }
}
