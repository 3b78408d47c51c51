package io.sluice.producer.client;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.sluice.kafka.RecordSender;
import io.sluice.record.HeaderNames;
import io.sluice.record.TraceContext;
import io.sluice.tracing.Tracing;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A span for each task that is sent, until the broker has it, as the semantic conventions for messaging describe it. Its
 * parent is the context in the record or, if there is none, the caller's; its own goes into the record. Any thread.
 */
final class SendSpans {
    private static final Logger log = LoggerFactory.getLogger(SendSpans.class);

    private final @Nullable Tracer tracer;

    SendSpans(Tracing tracing) {
        this.tracer = tracing.tracer();
    }

    /**
     * Begins the span of a record that nobody else has seen yet.
     *
     * @return ends it, and then does what was to be done
     */
    RecordSender.Ack begin(ProducerRecord<byte[], byte[]> record, RecordSender.Ack ack) {
        if (tracer == null) {
            return ack;
        }
        try {
            return begin(tracer, record, ack);
        } catch (RuntimeException fault) {
            log.error("A task cannot be traced", fault);
            return ack;
        }
    }

    private static RecordSender.Ack begin(Tracer tracer, ProducerRecord<byte[], byte[]> record, RecordSender.Ack ack) {
        Context parent = Tracing.parent(TraceContext.of(record.headers()), Context.current());
        SpanBuilder builder = tracer.spanBuilder("send " + record.topic())
                .setParent(parent)
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.name", "send")
                .setAttribute("messaging.operation.type", "send")
                .setAttribute("messaging.destination.name", record.topic());
        add(builder, "messaging.message.id", HeaderNames.text(record.headers(), HeaderNames.ID));
        add(builder, "sluice.task.type", HeaderNames.text(record.headers(), HeaderNames.TYPE));
        byte[] key = record.key();
        add(builder, "messaging.kafka.message.key", key == null ? null : new String(key, StandardCharsets.UTF_8));
        Span span = builder.startSpan();
        TraceContext own = Tracing.told(parent.with(span));
        if (own != null) {
            own.replaceIn(record.headers());
        }
        return failure -> {
            try {
                end(span, failure);
            } finally {
                ack.done(failure);
            }
        };
    }

    private static void end(Span span, @Nullable Exception failure) {
        if (failure != null) {
            span.setAttribute("error.type", failure.getClass().getName());
            span.setStatus(StatusCode.ERROR, String.valueOf(failure.getMessage()));
        }
        span.end();
    }

    private static void add(SpanBuilder builder, String name, @Nullable String value) {
        if (value != null) {
            builder.setAttribute(name, value);
        }
    }
}
