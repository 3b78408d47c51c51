package io.sluice.producer.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.CloudEvent;
import io.sluice.producer.form.Fields;
import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A CloudEvent over HTTP in binary mode: attributes in {@code ce-} headers, percent-encoded, and the payload in the body
 * (<a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">HTTP
 * binding</a>).
 */
final class EventHeaders {
    private static final String PREFIX = "ce-";
    private static final String KEY = "partitionkey";

    private EventHeaders() {}

    /** Whether any header is one of a CloudEvent's. */
    static boolean areThere(MultiMap headers) {
        return headers.names().stream().anyMatch(name -> name.regionMatches(true, 0, PREFIX, 0, PREFIX.length()));
    }

    /** @throws BadTask that names the header */
    static CloudEvent event(MultiMap headers, byte[] body) throws BadTask {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(PREFIX)) {
                if (!name.matches("ce-[a-z0-9]+")) {
                    throw new BadTask(name, "is no attribute of a CloudEvent: these have letters and digits only");
                }
                attributes.put(name.substring(PREFIX.length()), decoded(name, header.getValue()));
            }
        }
        String key = headers.get("sluice-key");
        if (key != null && !attributes.containsKey(KEY)) {
            attributes.put(KEY, Fields.text("sluice-key", decoded("sluice-key", key)));
        }
        return CloudEvent.binary(PREFIX, attributes, body);
    }

    private static String decoded(String name, String value) throws BadTask {
        try {
            // The decoder is one for forms, where a plus means a space.
            return URLDecoder.decode(value.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadTask(name, "is not percent-encoded: " + Fields.shown(value));
        }
    }
}
