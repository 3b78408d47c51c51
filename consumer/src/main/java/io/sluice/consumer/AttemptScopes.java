package io.sluice.consumer;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.sluice.consumer.engine.Attempt;
import io.sluice.consumer.engine.Surroundings;
import io.sluice.consumer.engine.TaskFields;
import io.sluice.record.TraceContext;
import io.sluice.tracing.Tracing;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * While a handler's code runs, the thread's log lines have the fields of its task (MDC), and where there is tracing the
 * attempt's span is the current one, so that spans of the handler's own nest in it.
 */
final class AttemptScopes implements Surroundings {
    /** Room for all of them, so that the map does not grow. */
    private static final int FIELDS = 16;

    private final @Nullable Tracer tracer;
    private final String group;

    /** @param group the consumer group, which spans name */
    AttemptScopes(Tracing tracing, String group) {
        this.tracer = tracing.tracer();
        this.group = group;
    }

    @Override
    public Around of(Attempt attempt) {
        return new AttemptScope(attempt, tracer == null ? null : AttemptSpan.begin(tracer, group, attempt));
    }

    private record AttemptScope(Attempt attempt, @Nullable AttemptSpan span) implements Around {
        @Override
        @SuppressWarnings("MustBeClosedChecker") // what is returned closes it
        public Runnable enter() {
            Map<String, String> before = MDC.getCopyOfContextMap();
            try {
                label(before);
                @Nullable Scope current = span == null ? null : span.context().makeCurrent();
                return () -> {
                    try {
                        if (current != null) {
                            current.close();
                        }
                    } finally {
                        restore(before);
                    }
                };
            } catch (RuntimeException | Error thrown) {
                // A thread serves many tasks: the labels of this one must not stay on it.
                restore(before);
                throw thrown;
            }
        }

        private static void restore(@Nullable Map<String, String> before) {
            if (before == null || before.isEmpty()) {
                MDC.clear();
            } else {
                MDC.setContextMap(before);
            }
        }

        /** All at once: each put by itself would look up the thread's own. */
        private void label(@Nullable Map<String, String> before) {
            ConsumerRecord<byte[], byte[]> record = attempt.record();
            Map<String, String> fields = new HashMap<>(FIELDS);
            if (before != null) {
                fields.putAll(before);
            }
            fields.put(TaskFields.TASK, attempt.id());
            fields.put(TaskFields.TYPE, attempt.type());
            String key = attempt.key();
            if (key != null) {
                fields.put(TaskFields.KEY, key);
            }
            fields.put(TaskFields.ATTEMPT, Integer.toString(attempt.attempt()));
            fields.put(TaskFields.TOPIC, record.topic());
            fields.put(TaskFields.PARTITION, Integer.toString(record.partition()));
            fields.put(TaskFields.OFFSET, Long.toString(record.offset()));
            MDC.setContextMap(fields);
        }

        @Override
        public @Nullable TraceContext trace() {
            return span == null ? null : span.told();
        }

        @Override
        public void ended(Outcome outcome, @Nullable Throwable failure) {
            if (span != null) {
                span.end(outcome, failure);
            }
        }
    }
}
