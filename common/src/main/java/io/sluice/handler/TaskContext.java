package io.sluice.handler;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One attempt at a task, as its handler sees it. Every method may be called from any thread. */
public interface TaskContext {
    /** The task's id: {@code ce_id}, or {@code topic-partition-offset} where the record has none. */
    String id();

    String type();

    /** The record's key as text, or null if it has none. It names the resource whose limit the task counts against. */
    @Nullable
    String key();

    /** Which attempt this is, counted from 1. */
    int attempt();

    /** When the attempt will be cancelled: the start of its body plus the type's timeout. */
    Instant deadline();

    /** The record's headers as text; of several with one name, the last. */
    Map<String, String> headers();

    /**
     * The W3C trace context that belongs on the requests which this attempt makes, as their headers {@code traceparent} and,
     * if there is one, {@code tracestate}: the attempt's own where it is traced, else the record's. Empty if there is none.
     */
    default Map<String, String> traceHeaders() {
        Map<String, String> trace = new HashMap<>(headers());
        trace.keySet().retainAll(Set.of("traceparent", "tracestate"));
        return trace;
    }

    /**
     * Completes, on the event loop, when the attempt is cancelled: timed out, revoked or shut down. The permit returns
     * only when the attempt's work has really ended, so stop it and then complete.
     */
    Future<Void> cancelled();

    /**
     * Runs code on the type's worker pool; unordered, interrupted at cancellation, skipped if the attempt was cancelled
     * before its turn came. Its log lines have the task's fields (MDC), and where there is tracing the attempt's span is
     * the current one. Neither holds for what follows when the future completes.
     *
     * @return completes on the event loop, with what the code returned or threw
     */
    <T> Future<T> blocking(Callable<T> code);

    /**
     * Adds a follow-up task: held back until the attempt succeeds, dropped if it fails, acknowledged by the broker
     * before this task counts as done. Its id is made from this task's id and its own content, so that a repeat emits
     * the same ids.
     *
     * @param key names the resource; null for none
     * @param payload mapped by Jackson
     * @throws IllegalArgumentException if the payload cannot be written as JSON, or beyond 10,000 tasks of one attempt
     */
    void emit(String type, @Nullable String key, Object payload);
}
