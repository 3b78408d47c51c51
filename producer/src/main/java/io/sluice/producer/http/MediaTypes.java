package io.sluice.producer.http;

import io.sluice.producer.form.CloudEvent;
import io.sluice.producer.form.Fields;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses, before the body is read, what is by its own account no body that the route takes. */
final class MediaTypes {
    static final String STRUCTURED = "application/cloudevents+json";

    private static final Set<String> LINES = Set.of("application/x-ndjson", "application/ndjson", "application/jsonl");

    private MediaTypes() {}

    static void one(RoutingContext request) {
        MultiMap headers = request.request().headers();
        String media = of(headers);
        boolean accepted = EventHeaders.areThere(headers)
                ? CloudEvent.isJson(media)
                : media.equals("application/json") || media.equals(STRUCTURED);
        check(request, accepted, "a task is sent with content-type: application/json");
    }

    static void many(RoutingContext request) {
        check(
                request,
                LINES.contains(of(request.request().headers())),
                "tasks, one a line, are sent with content-type: application/x-ndjson");
    }

    /** Without its parameters; empty if there is none. */
    static String of(MultiMap headers) {
        String given = headers.get("content-type");
        return given == null ? "" : given.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private static void check(RoutingContext request, boolean accepted, String rule) {
        HttpServerRequest http = request.request();
        @Nullable String given = http.getHeader("content-type");
        @Nullable String coding = http.getHeader("content-encoding");
        if (!accepted) {
            String found = given == null ? "no content-type" : "content-type " + Fields.shown(given);
            Problem.of(415, rule + ", not with " + found).answer(request);
        } else if (coding != null && !coding.equalsIgnoreCase("identity")) {
            Problem.of(415, "a body is sent as it is, not with content-encoding " + Fields.shown(coding))
                    .answer(request);
        } else {
            request.next();
        }
    }
}
