package io.sluice.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** How the management port answers. To HEAD Vert.x gives the headers alone. */
final class Answers {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    private Answers() {}

    static void json(RoutingContext request, int status, JsonObject body) {
        json(request, status, body.toBuffer());
    }

    static void json(RoutingContext request, int status, Buffer body) {
        send(request, status, JSON, body);
    }

    /** @param detail in one line */
    static void problem(RoutingContext request, int status, String title, String detail) {
        JsonObject body = new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        send(request, status, PROBLEM, body.toBuffer());
    }

    /** To a request whose rest is not read: its connection ends with the answer. */
    static void refuse(RoutingContext request, int status, String title, String detail) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        problem(request, status, title, detail);
    }

    static void send(RoutingContext request, int status, String mediaType, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                // Vert.x leaves it out for HEAD.
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                .end(body);
    }
}
