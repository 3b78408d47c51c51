package io.sluice.consumer.handlers;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on 127.0.0.1 that counts what it sees. */
final class Site implements AutoCloseable {
    /** The requests that came, as method and path, in order. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    final int port;

    private final Vertx vertx = Vertx.vertx();

    Site(Handler<HttpServerRequest> answer) {
        var server = vertx.createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                .connectionHandler(connection -> {
                    opened.incrementAndGet();
                    connections.incrementAndGet();
                    connection.closeHandler(x -> connections.decrementAndGet());
                })
                .requestHandler(request -> {
                    requests.add(request.method() + " " + request.uri());
                    answer.handle(request);
                });
        port = Loop.value(server.listen(0, "127.0.0.1")).actualPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** Options, as {@link Loop#options} takes them, and with them the leave to fetch from sites. */
    static String allowed(String options) {
        String others = options.substring(1);
        return "{'allow': ['127.0.0.1']" + (others.equals("}") ? "" : ", ") + others;
    }

    @Override
    public void close() {
        Loop.value(vertx.close());
    }
}
