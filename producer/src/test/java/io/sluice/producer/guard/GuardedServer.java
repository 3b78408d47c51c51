package io.sluice.producer.guard;

import io.sluice.producer.client.Futures;
import io.sluice.settings.ProducerSettings;
import io.sluice.settings.SettingsLoader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A guard before routes that are there to be guarded. */
final class GuardedServer extends VerticleBase {
    private final Vertx shared;
    private final ProducerSettings settings;
    private final Promise<String> held = Promise.promise();
    private @Nullable Guard guard;
    private @Nullable HttpServer server;
    private volatile @Nullable RequestClock clock;
    private volatile @Nullable RoutingContext lines;

    private GuardedServer(Vertx vertx, Map<String, String> variables) {
        this.shared = vertx;
        Map<String, String> all = new HashMap<>(variables);
        all.put("SLUICE_PRODUCER_PORT", "0");
        this.settings = SettingsLoader.load(null, all).producer();
    }

    static GuardedServer deploy(Vertx vertx, Map<String, String> variables) throws Exception {
        GuardedServer server = new GuardedServer(vertx, variables);
        Futures.await(vertx.deployVerticle(server));
        return server;
    }

    /** What the deployment fails with. */
    static Throwable refused(Vertx vertx, Map<String, String> variables) throws Exception {
        return Futures.failure(vertx.deployVerticle(new GuardedServer(vertx, variables)));
    }

    @Override
    public Future<?> start() {
        return Guard.open(vertx, settings, GuardedServer::answer).compose(opened -> {
            guard = opened;
            HttpServer made = opened.server().requestHandler(router(opened));
            server = made;
            return made.listen(0, settings.listen().host()).onSuccess(opened::watch);
        });
    }

    @Override
    public Future<?> stop() {
        return server().shutdown(Duration.ofSeconds(30)).onComplete(done -> guard().close());
    }

    int port() {
        return server().actualPort();
    }

    int connections() throws Exception {
        Promise<Integer> size = Promise.promise();
        context.runOnContext(now -> size.complete(guard().connections()));
        return Futures.await(size.future());
    }

    /** Ends the answers to {@code /held}. */
    void release(String answer) {
        held.complete(answer);
    }

    /** On the event loop, with the clock of the latest {@code /lines}. */
    void onClock(Consumer<RequestClock> action) {
        RequestClock latest = clock;
        if (latest == null) {
            throw new AssertionError("no request for /lines has come");
        }
        context.runOnContext(now -> action.accept(latest));
    }

    /** Ends the latest {@code /lines} with an answer of its own. */
    void endLines() {
        Objects.requireNonNull(lines).response().end("that was all");
    }

    boolean hasLines() {
        return clock != null;
    }

    private Router router(Guard guarding) {
        Router router = Router.router(shared);
        router.route().handler(guarding::begin);
        router.get("/open").handler(request -> request.response().end("open"));
        router.route().handler(guarding::admit);
        router.get("/name").handler(request -> request.response().end(String.valueOf(Guard.tokenOf(request))));
        router.get("/held")
                .handler(request ->
                        held.future().onSuccess(answer -> request.response().end(answer)));
        router.get("/endless").handler(request -> {
            request.response().setChunked(true);
            pour(request);
        });
        router.errorHandler(200, request -> answer(request.request(), 400, "broken", null));
        router.post("/early").handler(request -> answer(request.request(), 415, "not that", null));
        router.post("/lines").handler(this::lines);
        router.post("/body").handler(BodyHandler.create(false));
        router.post("/body")
                .handler(request ->
                        request.response().end(String.valueOf(request.body().length())));
        return router;
    }

    /** Takes a body whose every line is progress. */
    private void lines(RoutingContext request) {
        RequestClock its = RequestClock.of(request);
        lines = request;
        clock = its;
        Buffer all = Buffer.buffer();
        request.request()
                .handler(part -> {
                    all.appendBuffer(part);
                    if (part.toString().contains("\n")) {
                        its.progress();
                    }
                })
                .endHandler(end -> request.response().end(all));
    }

    private static void pour(RoutingContext request) {
        Buffer part = Buffer.buffer(new byte[10_000]);
        while (!request.response().writeQueueFull()) {
            request.response().write(part);
        }
        request.response().drainHandler(drained -> pour(request));
    }

    private static void answer(HttpServerRequest request, int status, String detail, @Nullable String field) {
        if (!request.response().ended()) {
            request.response().setStatusCode(status).end(detail + "|" + field);
        }
    }

    private HttpServer server() {
        if (server == null) {
            throw new IllegalStateException("it is not deployed");
        }
        return server;
    }

    private Guard guard() {
        if (guard == null) {
            throw new IllegalStateException("it is not deployed");
        }
        return guard;
    }
}
