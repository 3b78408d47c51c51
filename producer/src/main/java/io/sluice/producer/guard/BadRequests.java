package io.sluice.producer.guard;

import io.netty.handler.codec.http.ContentLengthNotAllowedException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** What is answered to a request whose head is not HTTP, or too long; the server closes its connection. Event loop. */
final class BadRequests {
    static final int LONGEST_LINE = 4 << 10;

    /** The attributes of a CloudEvent are headers, up to 1,024 characters each, percent-encoded. */
    static final int LONGEST_HEADERS = 16 << 10;

    private final Refusal refusal;

    BadRequests(Refusal refusal) {
        this.refusal = refusal;
    }

    void answer(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            refusal.answer(request, 414, "the request line has more than " + LONGEST_LINE + " bytes", null);
        } else if (cause instanceof TooLongHttpHeaderException) {
            refusal.answer(request, 431, "the headers have more than " + LONGEST_HEADERS + " bytes", null);
        } else if (cause instanceof ContentLengthNotAllowedException) {
            refusal.answer(request, 400, "Content-Length and Transfer-Encoding exclude each other", "content-length");
        } else {
            refusal.answer(request, 400, "the head of the request is not as HTTP wants it", null);
        }
    }
}
