package io.sluice.standalone;

import io.sluice.cli.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A site on 127.0.0.1 that answers any path with a small page, and {@code /never} not at all. */
final class StubSite implements AutoCloseable {
    /** The variable that allows {@code fetch} to ask it. */
    static final Map<String, String> ALLOWED = Map.of("SLUICE_TYPES_FETCH_OPTIONS_ALLOW", "127.0.0.1");

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;

    StubSite() {
        server = Waiting.on(vertx.createHttpServer()
                .requestHandler(request -> {
                    requests.incrementAndGet();
                    if (!request.path().equals("/never")) {
                        request.response()
                                .putHeader("content-type", "text/html")
                                .end("<html><title>A page</title><h1>Of " + request.path() + "</h1></html>");
                    }
                })
                .listen(0, "127.0.0.1"));
    }

    String host() {
        return "127.0.0.1:" + server.actualPort();
    }

    String url(String path) {
        return "http://" + host() + path;
    }

    int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        Waiting.on(vertx.close());
    }
}
