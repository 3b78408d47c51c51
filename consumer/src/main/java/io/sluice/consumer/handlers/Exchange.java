package io.sluice.consumer.handlers;

import io.netty.channel.ChannelHandlerContext;
import io.sluice.handler.PermanentFailure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.impl.ClientPhase;
import io.vertx.ext.web.client.impl.HttpContext;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, which can be cut off: when it is cancelled, or its body grows too large, its connection is
 * closed, and its future completes only after that.
 *
 * <p>WebClient cannot cancel what it has sent. It does let an interceptor see the request once it has a connection, and
 * this class travels with the request as its body codec, so that the interceptor finds it.
 *
 * <p>Used once, on one event loop, which must also be the connection's: so an answer that is not complete means that
 * the connection serves this request and no other.
 */
final class Exchange implements BodyCodec<Buffer> {
    private final String url;
    private final int maxBody;
    private @Nullable HttpClientRequest sent;
    private boolean cancelled;
    private boolean tooLarge;

    Exchange(String url, int maxBody) {
        this.url = url;
        this.maxBody = maxBody;
    }

    /** To be added to the WebClient that sends exchanges. */
    static void intercept(HttpContext<?> context) {
        if (context.phase() == ClientPhase.SEND_REQUEST && context.request().bodyCodec() instanceof Exchange exchange) {
            exchange.connected(context);
        } else {
            context.next();
        }
    }

    /**
     * Sends the request.
     *
     * @param cancelled cuts the exchange off when it completes; the request is not sent at all if it has no connection yet
     * @return the answer, when its connection is back in the pool. Otherwise a failure, when the connection is closed: a
     *     {@link PermanentFailure} if the body is too large, a {@link CancellationException}, or what went wrong
     */
    Future<Answer> send(HttpRequest<?> request, @Nullable Buffer body, Future<Void> cancelled, Context loop) {
        if (cancelled.isComplete()) {
            return Future.failedFuture(cancellation());
        }
        HttpRequest<Buffer> typed = request.as(this);
        Future<HttpResponse<Buffer>> response = body == null ? typed.send() : typed.sendBuffer(body);
        cancelled.onComplete(x -> {
            this.cancelled = true;
            if (sent != null && !response.isComplete()) {
                cut(sent);
            }
        });
        return response.transform(
                done -> done.succeeded() ? returned(done.result(), loop) : closed(sent, done.cause()));
    }

    @Override
    public BodyStream<Buffer> stream() {
        return new BoundedBody(maxBody, () -> {
            tooLarge = true;
            if (sent != null) {
                cut(sent);
            }
        });
    }

    /** Whether it ever had a connection. */
    boolean connected() {
        return sent != null;
    }

    private void connected(HttpContext<?> context) {
        HttpClientRequest request = context.clientRequest();
        // The response's future tells of every failure; without a handler Vert.x also logs it.
        request.exceptionHandler(failure -> {});
        if (cancelled) {
            // Resets the request that was never sent: the connection, which nobody has used, goes to the pool.
            context.fail(cancellation());
        } else {
            sent = request;
            context.next();
        }
    }

    /** The pool takes the connection back just after the answer's end: a next request must come later, to find it. */
    private static Future<Answer> returned(HttpResponse<Buffer> response, Context loop) {
        Promise<Answer> answer = Promise.promise();
        loop.runOnContext(x -> answer.complete(
                new Answer(response.statusCode(), response.statusMessage(), response.headers(), response.body())));
        return answer.future();
    }

    private Future<Answer> closed(@Nullable HttpClientRequest request, Throwable failure) {
        if (request == null) {
            return Future.failedFuture(cancelled ? cancellation() : failure);
        }
        return cut(request).transform(x -> {
            HttpClientResponse head = request.response().result();
            if (cancelled) {
                return Future.failedFuture(cancellation());
            }
            if (!tooLarge || head == null) {
                return Future.failedFuture(failure);
            }
            Answer bare = new Answer(head.statusCode(), head.statusMessage(), head.headers(), Buffer.buffer());
            return bare.isSuccess()
                    ? Future.failedFuture(new PermanentFailure("body of more than " + maxBody + " bytes from " + url))
                    : Future.succeededFuture(bare);
        });
    }

    /** Closes the connection, however often it is called; the future completes when it is closed. */
    private static Future<Void> cut(HttpClientRequest request) {
        request.reset();
        ChannelHandlerContext channel = ((HttpClientConnection) request.connection()).channelHandlerContext();
        Promise<Void> closed = Promise.promise();
        // Vert.x's own close waits until all that was written has gone out: for ever, if the server does not read.
        var unused = channel.close().addListener(x -> closed.complete());
        return closed.future();
    }

    private CancellationException cancellation() {
        return new CancellationException("cancelled: " + url);
    }
}
