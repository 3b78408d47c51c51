package io.sluice.consumer;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.sluice.consumer.engine.Attempt;
import io.sluice.consumer.engine.Surroundings.Outcome;
import io.sluice.record.TraceContext;
import io.sluice.tracing.Tracing;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The span of one attempt, named and described as the semantic conventions for messaging want it (of 1.30 and later). Its
 * parent is the context of the record: a copy has that of its original, so all attempts at a task are siblings. The key is
 * in it, since the conventions ask for it; the payload is not.
 *
 * @param context in which it is the current span
 * @param told the same as headers; null if the span is none
 */
record AttemptSpan(Context context, @Nullable TraceContext told) {
    private static final Logger log = LoggerFactory.getLogger(AttemptSpan.class);

    private static final int MESSAGE_LIMIT = 1_000;

    /** Null if the tracer fails at it: then this attempt goes untraced. */
    static @Nullable AttemptSpan begin(Tracer tracer, String group, Attempt attempt) {
        try {
            ConsumerRecord<byte[], byte[]> record = attempt.record();
            Context parent = Tracing.parent(TraceContext.of(record.headers()), Context.root());
            SpanBuilder builder = tracer.spanBuilder("process " + record.topic())
                    .setParent(parent)
                    .setSpanKind(SpanKind.CONSUMER)
                    .setAttribute("messaging.system", "kafka")
                    .setAttribute("messaging.operation.name", "process")
                    .setAttribute("messaging.operation.type", "process")
                    .setAttribute("messaging.consumer.group.name", group)
                    .setAttribute("messaging.destination.name", record.topic())
                    .setAttribute("messaging.destination.partition.id", Integer.toString(record.partition()))
                    .setAttribute("messaging.kafka.offset", record.offset())
                    .setAttribute("messaging.message.id", attempt.id())
                    .setAttribute("sluice.task.type", attempt.type())
                    .setAttribute("sluice.attempt", attempt.attempt());
            String key = attempt.key();
            if (key != null) {
                builder.setAttribute("messaging.kafka.message.key", key);
            }
            Context context = parent.with(builder.startSpan());
            return new AttemptSpan(context, Tracing.told(context));
        } catch (RuntimeException fault) {
            log.error("An attempt cannot be traced", fault);
            return null;
        }
    }

    void end(Outcome outcome, @Nullable Throwable failure) {
        Span span = Span.fromContext(context);
        try {
            span.setAttribute("sluice.outcome", outcome.name().toLowerCase(Locale.ROOT));
            if (failure != null) {
                span.setAttribute("error.type", failure.getClass().getName());
                span.setStatus(StatusCode.ERROR, inShort(failure));
            }
        } catch (RuntimeException fault) {
            // An exception may throw from its own getMessage; the span ends all the same.
            span.setStatus(StatusCode.ERROR);
        } finally {
            span.end();
        }
    }

    private static String inShort(Throwable failure) {
        String message = failure.getMessage();
        String text = message == null ? "" : message;
        return text.length() <= MESSAGE_LIMIT ? text : text.substring(0, MESSAGE_LIMIT) + "…";
    }
}
