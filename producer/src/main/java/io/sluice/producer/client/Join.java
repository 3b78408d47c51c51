package io.sluice.producer.client;

import io.sluice.record.TaskResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Waits until every submitted task has its result. Tell it of a task before submitting it, hand it whatever
 * {@link ResultWatch} finds, and seal it once all are submitted:
 *
 * <pre>{@code
 * join.expect(task.id());
 * tasks.submit(task).onFailure(refused -> join.forget(task.id()));
 * …
 * join.seal().onComplete(…);
 * }</pre>
 *
 * <p>Not safe for threads: the context of the watch owns it.
 */
public final class Join {
    private final Set<String> missing;
    private final Promise<Void> complete = Promise.promise();
    private boolean sealed;
    private int done;
    private int failed;

    /** Waits for nothing yet. */
    public Join() {
        this(new HashSet<>());
    }

    /** @param ids of the tasks whose results it waits for from the beginning; the set is its own from then on */
    public Join(Set<String> ids) {
        this.missing = ids;
    }

    /**
     * Waits for the result of this task, too.
     *
     * @return false if it is waited for already
     * @throws IllegalStateException after {@link #seal}
     */
    public boolean expect(String id) {
        if (sealed) {
            throw new IllegalStateException("a sealed join expects no more tasks, but was told of " + id);
        }
        return missing.add(id);
    }

    /** Waits no longer for this task: it could not be submitted. */
    public void forget(String id) {
        missing.remove(id);
        completeIfDone();
    }

    /**
     * Counts results.
     *
     * @return those that were waited for, each task's once: no duplicate and no other's task
     */
    public List<TaskResult> settle(List<TaskResult> results) {
        List<TaskResult> settled = new ArrayList<>(results.size());
        for (TaskResult result : results) {
            if (missing.remove(result.taskId())) {
                settled.add(result);
                done++;
                failed += result.succeeded() ? 0 : 1;
            }
        }
        completeIfDone();
        return settled;
    }

    /**
     * No more tasks will be told of.
     *
     * @return completes when none is missing
     */
    public Future<Void> seal() {
        sealed = true;
        completeIfDone();
        return complete.future();
    }

    private void completeIfDone() {
        if (sealed && missing.isEmpty()) {
            complete.tryComplete();
        }
    }

    /** Whether no more tasks may be told of. */
    public boolean isSealed() {
        return sealed;
    }

    /** How many tasks have a result, succeeded or failed. */
    public int done() {
        return done;
    }

    /** How many of those failed for good. */
    public int failed() {
        return failed;
    }

    /** The ids that have no result yet: a view. */
    public Set<String> missing() {
        return Collections.unmodifiableSet(missing);
    }
}
