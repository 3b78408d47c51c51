package io.sluice.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.sluice.record.TraceContext;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the spans of a process go, if anywhere. Whoever runs the process opens one, hands it to the verticles, and closes it
 * after them. Every method but {@link #close} may be called from any thread.
 *
 * <p>Contexts travel as W3C's {@code traceparent} and {@code tracestate} whatever {@code OTEL_PROPAGATORS} says, for these
 * are part of a task's record.
 */
public final class Tracing implements AutoCloseable {
    private static final Tracing OFF = new Tracing(null, () -> {});

    private final @Nullable Tracer tracer;
    private final Runnable end;

    private Tracing(@Nullable Tracer tracer, Runnable end) {
        this.tracer = tracer;
        this.end = end;
    }

    /** Makes no spans; the context that a task came with goes on with it. */
    public static Tracing off() {
        return OFF;
    }

    /** Makes spans with an OpenTelemetry of yours, which stays yours to close. */
    public static Tracing of(OpenTelemetry yours) {
        return new Tracing(tracer(yours), () -> {});
    }

    /**
     * Does what the environment says: off unless {@code OTEL_EXPORTER_OTLP_ENDPOINT} or {@code
     * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT} names a collector. All {@code OTEL_*} variables work. What is made is the
     * process's {@link io.opentelemetry.api.GlobalOpenTelemetry}, too, so that handlers can add spans of their own. Once a process.
     *
     * @param service the name of the service if the environment gives none
     * @throws IllegalStateException in one line, if the variables make no sense
     */
    public static Tracing open(String service) {
        Map<String, String> environment = System.getenv();
        return isAskedFor(environment) ? exporting(service, environment) : OFF;
    }

    /** Apart, so that nothing of the SDK is loaded where it is off. */
    private static Tracing exporting(String service, Map<String, String> environment) {
        Exporting sdk = Exporting.open(service, environment);
        return new Tracing(tracer(sdk.openTelemetry()), sdk::close);
    }

    static boolean isAskedFor(Map<String, String> environment) {
        return !environment.getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", "").isBlank()
                || !environment
                        .getOrDefault("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "")
                        .isBlank();
    }

    private static Tracer tracer(OpenTelemetry openTelemetry) {
        return openTelemetry.getTracer("io.sluice");
    }

    /** Makes spans; null if nothing is traced. */
    public @Nullable Tracer tracer() {
        return tracer;
    }

    /** What the caller's thread is in the middle of, for code that runs later and elsewhere; costs nothing when off. */
    public <T> Supplier<T> here(Supplier<T> code) {
        return tracer == null ? code : Context.current().wrapSupplier(code);
    }

    /**
     * The context that a span begins in.
     *
     * @param came with the task or the request; null if none did
     * @param otherwise if none came, or one that makes no sense
     */
    public static Context parent(@Nullable TraceContext came, Context otherwise) {
        return came == null
                ? otherwise
                : W3CTraceContextPropagator.getInstance().extract(otherwise, came.toHeaders(), HeaderMap.GETTER);
    }

    /** How the context is told to others; null if it has no trace. */
    public static @Nullable TraceContext told(Context context) {
        Map<String, String> headers = new HashMap<>();
        W3CTraceContextPropagator.getInstance().inject(context, headers, (map, name, value) -> {
            if (map != null) {
                map.put(name, value);
            }
        });
        String parent = headers.get("traceparent");
        return parent == null ? null : new TraceContext(parent, headers.get("tracestate"));
    }

    /** Sends what is left to the collector, for two seconds at most. Blocks: never call it on an event loop. */
    @Override
    public void close() {
        end.run();
    }
}
