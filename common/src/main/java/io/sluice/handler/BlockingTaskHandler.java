package io.sluice.handler;

import org.jspecify.annotations.Nullable;

/**
 * Runs tasks of one type on worker threads, where it may block. A timeout interrupts the thread; code that swallows the
 * interrupt keeps its permit until it returns.
 */
public non-sealed interface BlockingTaskHandler<I, O> extends Handles<I, O> {
    /**
     * Makes one attempt, on a worker thread of the type's own pool.
     *
     * @return the result, which may be null
     * @throws Exception anything: the attempt has failed and the type's retry policy decides
     */
    @Nullable
    O handle(I payload, TaskContext task) throws Exception;
}
