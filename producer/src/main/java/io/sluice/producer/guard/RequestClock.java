package io.sluice.producer.guard;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a request may take whoever sent it: for its body, {@code idle-timeout} after its head or after the last
 * {@link #progress}; and for every step of reading the response. Bytes that trickle in do not count. What the server
 * itself takes is not limited here. Looked at once a second, or four times within a shorter timeout. Event loop.
 */
public final class RequestClock {
    private static final String KEY = "sluice.clock";

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final long idleNanos;
    private final LongSupplier nanoTime;
    private Runnable onExpiry;
    private long since;
    private boolean suspended;
    private boolean expired;
    private boolean blocked;
    private long blockedSince;
    private long blockedAt;

    RequestClock(RoutingContext context, Duration idle, LongSupplier nanoTime, Refusal refusal) {
        this.request = context.request();
        this.response = context.response();
        this.idleNanos = idle.toNanos();
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
        this.onExpiry = () -> refusal.answer(request, 408, "the body did not come to its end in time", null);
        context.put(KEY, this);
    }

    /** The clock of a request that came through {@link Guard#begin}. */
    public static RequestClock of(RoutingContext request) {
        return request.get(KEY);
    }

    /** The body has come a step further, as by a whole line: the time for the next step begins. */
    public void progress() {
        since = nanoTime.getAsLong();
    }

    /** The server holds the body back, so the client cannot be late. */
    public void suspend() {
        suspended = true;
    }

    /** It does again: the time for the next step begins. */
    public void resume() {
        suspended = false;
        progress();
    }

    /**
     * What is done when the body's time is over, instead of the answer 408. The request has been paused by then, and the
     * connection is closed soon after the response has ended; it must be ended.
     */
    public void onExpiry(Runnable end) {
        onExpiry = end;
    }

    boolean isOver() {
        return response.ended() || response.closed();
    }

    boolean isGone() {
        return response.closed();
    }

    boolean hasUnreadBody() {
        return !request.isEnded();
    }

    /** Whether the answer told the client that the connection ends with it. */
    boolean saidClose() {
        return response.headers().contains("connection", "close", true);
    }

    /** @return false when the client does not read its answer, so that nothing is left but to cut it off */
    boolean look(long now) {
        if (hasUnreadBody() && !suspended && !expired && now - since >= idleNanos) {
            expired = true;
            request.pause();
            onExpiry.run();
            return true;
        }
        return isOver() || !isStuck(now);
    }

    /** Full, and not a byte further for as long as a client may take. */
    private boolean isStuck(long now) {
        if (!response.headWritten() || !response.writeQueueFull()) {
            blocked = false;
            return false;
        }
        long written = response.bytesWritten();
        if (!blocked || written != blockedAt) {
            blocked = true;
            blockedAt = written;
            blockedSince = now;
        }
        return now - blockedSince >= idleNanos;
    }

    /** Whether it is one of several on its connection, as over HTTP/2, and can be ended alone. */
    boolean isStream() {
        return request.version() == HttpVersion.HTTP_2;
    }

    /** Ends a stream, or what is left of it after its answer. */
    void reset() {
        response.reset();
    }
}
