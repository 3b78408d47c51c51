package io.sluice.consumer;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.sluice.consumer.engine.Attempt;
import io.sluice.consumer.engine.Surroundings;
import io.sluice.consumer.engine.TaskFields;
import io.sluice.record.TraceContext;
import io.sluice.tracing.Tracing;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * While a handler's code runs, the thread's log lines have the fields of its task (MDC), and where there is tracing the
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
            Map<String, String> before = MDC.getCopyOfContextMap();
            try {
                label();
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

        private void label() {
            MDC.put(TaskFields.TASK, attempt.id());
            MDC.put(TaskFields.TYPE, attempt.type());
            String key = attempt.key();
            if (key != null) {
                MDC.put(TaskFields.KEY, key);
            }
            MDC.put(TaskFields.ATTEMPT, Integer.toString(attempt.attempt()));
            MDC.put(TaskFields.TOPIC, attempt.record().topic());
            MDC.put(TaskFields.PARTITION, Integer.toString(attempt.record().partition()));
            MDC.put(TaskFields.OFFSET, Long.toString(attempt.record().offset()));
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
