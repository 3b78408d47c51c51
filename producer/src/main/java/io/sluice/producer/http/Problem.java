package io.sluice.producer.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.sluice.producer.client.BufferFull;
import io.sluice.producer.client.NotAcknowledged;
import io.sluice.producer.form.BadTask;
import io.sluice.producer.intake.IdReused;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 wants it told.
 *
 * @param status of HTTP
 * @param type a URI that a program can rely on
 * @param detail what happened to this request, in one line
 * @param field the one that is wrong, or null
 * @param pointer the JSON pointer to what is wrong in the payload, or null
 * @param since from when on what was asked for would be known, or null
 */
public record Problem(
        int status,
        String type,
        String detail,
        @Nullable String field,
        @Nullable String pointer,
        @Nullable Instant since) {
    private static final String UNKNOWN = "about:blank";
    private static final String REUSED = "urn:sluice:problem:id-reused";
    private static final String INVALID = "urn:sluice:problem:invalid-task";

    /** What a failed submission means to whoever sent it. */
    public static Problem of(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof BadTask bad) {
            String place = bad.line() == 0 ? "" : "line " + bad.line() + ", column " + bad.column() + ": ";
            return new Problem(400, INVALID, place + message, bad.field(), bad.pointer(), null);
        }
        if (failure instanceof BufferFull) {
            return of(429, "urn:sluice:problem:buffer-full", message);
        }
        if (failure instanceof IdReused) {
            return new Problem(422, REUSED, message, "idempotency-key", null, null);
        }
        if (failure instanceof BodyTooSlow) {
            return of(408, message);
        }
        if (failure instanceof NotAcknowledged refused) {
            return refused.tooLarge() ? tooLarge(message) : of(503, "urn:sluice:problem:not-acknowledged", message);
        }
        return of(500, "an error of the server's own, which its log tells more of");
    }

    static Problem tooLarge(String detail) {
        return of(413, "urn:sluice:problem:too-large", detail);
    }

    static Problem of(int status, String detail) {
        return of(status, UNKNOWN, detail);
    }

    static Problem of(int status, String type, String detail) {
        return new Problem(status, type, detail, null, null, null);
    }

    /** The same, and from when on it would be known. */
    Problem since(Instant begin) {
        return new Problem(status, type, detail, field, pointer, begin);
    }

    /** Answers a request that was refused before it came to a route. */
    public static void refuse(HttpServerRequest request, int status, String detail, @Nullable String field) {
        new Problem(status, UNKNOWN, detail, field, null, null).answer(request);
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

    /** The document; members that are null are left out. */
    JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("type", type)
                .put("title", title())
                .put("status", status)
                .put("detail", detail);
        if (field != null) {
            json.put("field", field);
        }
        if (pointer != null) {
            json.put("pointer", pointer);
        }
        return since == null ? json : json.put("since", since.toString());
    }

    private String title() {
        return switch (type) {
            case INVALID -> "Not a task";
            case REUSED -> "The Idempotency-Key was used for another task";
            case "urn:sluice:problem:buffer-full" -> "Too many tasks wait for the broker";
            case "urn:sluice:problem:not-acknowledged" -> "The broker has not acknowledged the task";
            case "urn:sluice:problem:too-large" -> "The task is too large";
            default -> HttpResponseStatus.valueOf(status).reasonPhrase();
        };
    }
}
