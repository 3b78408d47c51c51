package io.sluice.producer.http;

import io.sluice.record.TraceContext;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The W3C trace context of a request, so that a task continues the trace of whoever sent it. */
public final class TraceParent {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    /** Null if there is none or, as the W3C asks, if it makes no sense. */
    public static @Nullable TraceContext of(MultiMap headers) {
        String value = headers.get("traceparent");
        if (value == null || !FORM.matcher(value).matches()) {
            return null;
        }
        List<String> states = headers.getAll("tracestate");
        return new TraceContext(value, states.isEmpty() ? null : String.join(",", states));
    }
}
