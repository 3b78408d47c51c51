package io.sluice.producer.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.sluice.producer.client.BufferFull;
import io.sluice.producer.client.NotAcknowledged;
import io.sluice.producer.form.BadTask;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 wants it told.
 *
 * @param status of HTTP
 * @param type a URI that a program can rely on
 * @param detail what happened to this request, in one line
 * @param field the one that is wrong, or null
 */
public record Problem(
        int status, String type, String detail, @Nullable String field) {
    private static final String INVALID = "urn:sluice:problem:invalid-task";

    /** What a failed submission means to whoever sent it. */
    public static Problem of(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof BadTask bad) {
            String place = "line " + bad.line() + ", column " + bad.column() + ": ";
            return new Problem(400, INVALID, place + message, bad.field());
        }
        if (failure instanceof BufferFull) {
            return new Problem(429, "urn:sluice:problem:buffer-full", message, null);
        }
        if (failure instanceof NotAcknowledged refused) {
            return refused.tooLarge()
                    ? tooLarge(message)
                    : new Problem(503, "urn:sluice:problem:not-acknowledged", message, null);
        }
        return new Problem(500, "about:blank", "an error of the server's own, which its log tells more of", null);
    }

    static Problem tooLarge(String detail) {
        return new Problem(413, "urn:sluice:problem:too-large", detail, null);
    }

    static Problem of(int status, String detail) {
        return new Problem(status, "about:blank", detail, null);
    }

    /** Answers a request that was refused before it came to a route. */
    public static void refuse(HttpServerRequest request, int status, String detail, @Nullable String field) {
        new Problem(status, "about:blank", detail, field).answer(request);
    }

    void answer(RoutingContext request) {
        answer(request.request());
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader("content-type", "application/problem+json");
        if (status == 429 || status == 503) {
            response.putHeader("retry-after", "1");
        }
        if (!request.isEnded() && request.version() != HttpVersion.HTTP_2) {
            // What is left of the body is not wanted, so nothing can follow it on this connection.
            response.putHeader("connection", "close");
        }
        response.end(toJson().toBuffer());
    }

    private JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("type", type)
                .put("title", title())
                .put("status", status)
                .put("detail", detail);
        return field == null ? json : json.put("field", field);
    }

    private String title() {
        return switch (type) {
            case INVALID -> "Not a task";
            case "urn:sluice:problem:buffer-full" -> "Too many tasks wait for the broker";
            case "urn:sluice:problem:not-acknowledged" -> "The broker has not acknowledged the task";
            case "urn:sluice:problem:too-large" -> "The task is too large";
            default -> HttpResponseStatus.valueOf(status).reasonPhrase();
        };
    }
}
