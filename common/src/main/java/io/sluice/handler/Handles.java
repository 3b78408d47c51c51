package io.sluice.handler;

import io.vertx.core.Future;

/**
 * What every handler has, asynchronous or blocking: the type it serves and a life of its own.
 *
 * <p>Implement {@link TaskHandler} or {@link BlockingTaskHandler}, name the class in {@code META-INF/services} under
 * the interface's own name, and it is found at startup. The payload and output classes are read from the type
 * arguments, which must therefore be given as classes, not as type variables.
 *
 * <p>One instance serves one consumer verticle. {@link #start} and {@link #stop} are called once each, on that
 * verticle's event loop.
 *
 * @param <I> what Jackson makes of the payload; a {@code byte[]} or a {@link io.vertx.core.buffer.Buffer} is the payload as it came, be it JSON or not
 * @param <O> what Jackson writes as the result, if there is one to be written
 */
public sealed interface Handles<I, O> permits TaskHandler, BlockingTaskHandler {
    /** The task type served, as in {@code ce_type}. Constant. */
    String type();

    /**
     * Called before the first task.
     *
     * @return completes when the handler is ready; a failure stops the consumer from starting
     */
    default Future<Void> start(HandlerContext context) {
        return Future.succeededFuture();
    }

    /** Called after the last task has ended; releases what {@link #start} took. */
    default Future<Void> stop() {
        return Future.succeededFuture();
    }
}
