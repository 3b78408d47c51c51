package io.sluice.consumer;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.sluice.consumer.engine.Attempt;
import io.sluice.consumer.engine.Surroundings;
import io.sluice.consumer.engine.TaskFields;
import io.sluice.logging.LogFields;
import io.sluice.record.TraceContext;
import io.sluice.tracing.Tracing;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * While a handler's code runs, the thread's log lines have the fields of its task ({@link LogFields}), and where there is tracing the
 * attempt's span is the current one, so that spans of the handler's own nest in it.
 */
final class AttemptScopes implements Surroundings {
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
            Runnable leave = LogFields.enter(this::fields);
            if (span == null) {
                return leave;
            }
            try {
                Scope current = span.context().makeCurrent();
                return () -> {
                    try {
                        current.close();
                    } finally {
                        leave.run();
                    }
                };
            } catch (RuntimeException | Error thrown) {
                // A thread serves many tasks: the fields of this one must not stay on it.
                leave.run();
                throw thrown;
            }
        }

        private Map<String, String> fields() {
            ConsumerRecord<byte[], byte[]> record = attempt.record();
            Map<String, String> fields = new HashMap<>();
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
            return fields;
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
