package io.sluice.producer.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is no problem.
 *
 * @param json the body
 * @param place the path of what was made, or null
 */
record Answer(int status, String json, @Nullable String place) {
    static Answer of(int status, String json) {
        return new Answer(status, json, null);
    }

    Answer location(String path) {
        return new Answer(status, json, path);
    }

    /** As a path segment has it. */
    static String encoded(String id) {
        return URLEncoder.encode(id, UTF_8).replace("+", "%20");
    }

    void send(RoutingContext request) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (place != null) {
            response.putHeader("location", place);
        }
        response.setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(json);
    }
}
