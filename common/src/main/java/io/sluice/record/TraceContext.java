package io.sluice.record;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The W3C trace context of a task, as headers say it. It is handed on as it came: whoever traces looks whether it makes
 * sense.
 *
 * @param parent {@code traceparent}
 * @param state {@code tracestate}, or null
 */
public record TraceContext(String parent, @Nullable String state) {
    /** Of a record's headers; null if there is none. */
    public static @Nullable TraceContext of(Headers headers) {
        String parent = HeaderNames.text(headers, HeaderNames.TRACE_PARENT);
        return parent == null ? null : new TraceContext(parent, HeaderNames.text(headers, HeaderNames.TRACE_STATE));
    }

    /** As the headers of a request have it. */
    public Map<String, String> toHeaders() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(HeaderNames.TRACE_PARENT, parent);
        if (state != null) {
            headers.put(HeaderNames.TRACE_STATE, state);
        }
        return headers;
    }

    /** Adds it to headers that have none yet. */
    void addTo(Headers headers) {
        headers.add(HeaderNames.TRACE_PARENT, HeaderNames.bytes(parent));
        if (state != null) {
            headers.add(HeaderNames.TRACE_STATE, HeaderNames.bytes(state));
        }
    }

    /** Puts it in the place of what is there. */
    public void replaceIn(Headers headers) {
        headers.remove(HeaderNames.TRACE_PARENT);
        headers.remove(HeaderNames.TRACE_STATE);
        addTo(headers);
    }
}
