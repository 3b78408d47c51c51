package io.sluice.consumer.handlers;

import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a server answered: one status line, its headers and the whole body. */
record Answer(int status, @Nullable String reason, MultiMap headers, Buffer body) {
    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The address that the server points to instead, or null if this is no redirect that names one. */
    @Nullable
    String redirect() {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> headers.get(HttpHeaders.LOCATION);
            default -> null;
        };
    }

    ContentType contentType() {
        return ContentType.of(headers.get(HttpHeaders.CONTENT_TYPE));
    }

    /**
     * How an attempt ends whose answer is not a success: {@link RetryLater} if the server says when, an ordinary failure if
     * another try may help, else {@link PermanentFailure}.
     *
     * @param url what was asked for, to be named in the message
     */
    Exception failure(String url, Instant now) {
        String message = line() + " from " + url;
        if (status == 429 || status == 503) {
            Duration delay = RetryAfter.parse(headers.get(HttpHeaders.RETRY_AFTER), now);
            if (delay != null) {
                return new RetryLater(delay, message);
            }
        }
        boolean mayPass = status == 408 || status == 425 || status == 429 || status >= 500;
        return mayPass ? new IOException(message) : new PermanentFailure(message);
    }

    private String line() {
        return reason == null || reason.isBlank() ? String.valueOf(status) : status + " " + reason;
    }
}
