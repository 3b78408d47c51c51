package io.sluice.handler;

import io.vertx.core.Future;

/**
 * Runs tasks of one type on the consumer's event loop. It must never block there: what blocks or computes for long goes
 * through {@link TaskContext#blocking}.
 */
public non-sealed interface TaskHandler<I, O> extends Handles<I, O> {
    /**
     * Starts one attempt. Called on the event loop. Until it returns, the lines that it logs have the task's fields (MDC), and
     * where there is tracing the attempt's span is the current one. What runs when a future of its own completes has neither: there
     * {@link TaskContext#blocking} has them, or the handler puts them itself.
     *
     * @return completes when all of the attempt's work has ended. After {@link TaskContext#cancelled()} it should
     *     complete soon, in whatever way: until it does, the task holds its permit. A null future, one that never
     *     completes and anything thrown are failed attempts like any other.
     */
    Future<O> handle(I payload, TaskContext task);
}
