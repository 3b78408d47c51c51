package io.sluice.consumer.handlers;

import io.sluice.handler.HandlerContext;
import io.sluice.handler.PermanentFailure;
import io.sluice.handler.TaskContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's WebClient, made so that a request ends when its attempt is cancelled. HTTP/1.1 only: there, closing the
 * connection is the one way to tell a server that nobody waits any more.
 *
 * <p>Owned by the event loop that opened it; connections live on that loop too.
 */
final class CancellableClient {
    private final HttpClient http;
    private final WebClient web;
    private final Context loop;
    private final Limits limits;

    /**
     * @param maxBody the most bytes of a body, decompressed
     * @param connectTimeoutMs the longest wait for a connection in milliseconds, name lookup and TLS included. A cancelled
     *     attempt whose connection is still being made holds its permit for that long at most
     */
    record Limits(int maxBody, int connectTimeoutMs) {}

    private CancellableClient(HttpClient http, Context loop, Limits limits) {
        this.http = http;
        this.loop = loop;
        this.limits = limits;
        this.web = WebClient.wrap(
                http, new WebClientOptions().setUserAgentEnabled(false).setFollowRedirects(false));
        ((WebClientInternal) web).addInterceptor(Exchange::intercept);
    }

    /** Called on the event loop that will send the requests. */
    static CancellableClient open(HandlerContext context, Limits limits) {
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setDecompressionSupported(true)
                .setConnectTimeout(limits.connectTimeoutMs());
        options.setSslHandshakeTimeout(limits.connectTimeoutMs()).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        // An attempt holds one connection at a time, so as many as there are attempts are enough for never queueing
        // here.
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(context.maxInFlight());
        HttpClient http = context.vertx().createHttpClient(options, pool);
        return new CancellableClient(http, context.vertx().getOrCreateContext(), limits);
    }

    /**
     * Sends one request; does not follow redirects, and goes through no proxy, not even one that the JVM's properties name.
     * Called on the event loop.
     *
     * @param body null for none
     * @return whatever the server answered; or a failure, once the request's connection is closed:
     *     {@link CancellationException}, {@link PermanentFailure} (body too large) or {@link ConnectionFailure}
     */
    Future<Answer> send(HttpMethod method, Destination to, MultiMap headers, @Nullable Buffer body, TaskContext task) {
        Target target = to.target();
        HttpRequest<Buffer> request = (to.address() == null
                        ? web.request(method, target.port(), target.host(), target.path())
                        : web.request(method, to.address(), target.port(), target.host(), target.path()))
                .ssl(target.tls())
                .connectTimeout(limits.connectTimeoutMs())
                .putHeaders(headers);
        Exchange exchange = new Exchange(target.url(), limits.maxBody());
        return exchange.send(request, body, task.cancelled(), loop)
                .recover(failure -> Future.failedFuture(
                        failure instanceof PermanentFailure || failure instanceof CancellationException
                                ? failure
                                : ConnectionFailure.of(target, failure, exchange.connected())));
    }

    /** Closes every connection. */
    Future<Void> close() {
        return http.close();
    }
}
