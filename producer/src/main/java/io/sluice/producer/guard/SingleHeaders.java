package io.sluice.producer.guard;

import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The headers that a request may have once. If one came twice, this server might go by the first and whatever stands in
 * front of it by the last.
 */
final class SingleHeaders {
    private static final Set<String> NAMES = Set.of(
            "host",
            "authorization",
            "content-type",
            "content-length",
            "transfer-encoding",
            "idempotency-key",
            "sluice-key",
            "traceparent");

    private SingleHeaders() {}

    /** The name of one that is there more than once, or null. */
    static @Nullable String repeated(MultiMap headers) {
        Set<String> seen = new HashSet<>();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if ((NAMES.contains(name) || name.startsWith("ce-")) && !seen.add(name)) {
                return name;
            }
        }
        return null;
    }
}
