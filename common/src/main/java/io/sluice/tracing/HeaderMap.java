package io.sluice.tracing;

import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How headers are read for a trace's context. */
enum HeaderMap implements TextMapGetter<Map<String, String>> {
    GETTER;

    @Override
    public @Nullable String get(@Nullable Map<String, String> headers, String name) {
        return headers == null ? null : headers.get(name);
    }
}
