package io.sluice.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sluice.record.Json;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is where on the management port. Everything is read, nothing is changed here. One event loop. */
final class Pages {
    private static final Logger log = LoggerFactory.getLogger(Pages.class);

    private final Vertx vertx;
    private final Meters meters;
    private final Router router;
    private final List<String> paths = new CopyOnWriteArrayList<>();

    Pages(Vertx vertx, Health health, Meters meters) {
        this.vertx = vertx;
        this.meters = meters;
        this.router = Router.router(vertx);
        router.route().handler(Pages::admit);
        page("/", request -> Answers.json(request, 200, new JsonObject().put("paths", new JsonArray(paths))));
        page("/health/live", request -> answer(request, health.live()));
        page("/health/ready", request -> answer(request, health.ready()));
        page("/health/started", request -> answer(request, Future.succeededFuture(health.startedReport())));
        page("/metrics", this::metrics);
        router.errorHandler(
                404,
                request -> Answers.problem(request, 404, "Not Found", "there is nothing here; / lists what there is"));
        router.errorHandler(400, request -> Answers.refuse(request, 400, "Bad Request", "the request makes no sense"));
        router.errorHandler(500, request -> {
            log.error("A page of the management port failed by an error of Sluice's own", request.failure());
            Answers.problem(request, 500, "Internal Server Error", "an error of Sluice's own; its log says more");
        });
    }

    Handler<HttpServerRequest> handler() {
        return router;
    }

    /** Adds a page whose content somebody else knows, as JSON. Any thread. */
    void add(String path, Supplier<? extends Future<?>> content) {
        page(
                path,
                request -> Question.ask(vertx, content)
                        .map(Pages::json)
                        .onSuccess(body -> Answers.json(request, 200, body))
                        .onFailure(failure -> {
                            log.debug("There is no {} now", path, failure);
                            String why = failure instanceof NoAnswer late
                                    ? late.reason()
                                    : failure.getClass().getSimpleName();
                            Answers.problem(request, 503, "Service Unavailable", "whoever knows cannot say: " + why);
                        }));
    }

    private void page(String path, Handler<RoutingContext> handler) {
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
        paths.add(path);
    }

    /** Whoever reads has no need of another method, nor of a body. */
    private static void admit(RoutingContext request) {
        HttpMethod method = request.request().method();
        String length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            Answers.refuse(request, 405, "Method Not Allowed", "only GET and HEAD are allowed here");
        } else if ((length != null && !length.equals("0"))
                || request.request().headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            Answers.refuse(request, 413, "Content Too Large", "a request has no body here");
        } else {
            request.next();
        }
    }

    private static void answer(RoutingContext request, Future<HealthReport> asked) {
        asked.onSuccess(report -> Answers.json(request, report.isUp() ? 200 : 503, report.toJson()))
                .onFailure(request::fail);
    }

    /** On a worker thread, one at a time: a meter that takes long must not hold up the health. */
    private void metrics(RoutingContext request) {
        String accepted = request.request().getHeader(HttpHeaders.ACCEPT);
        boolean open = accepted != null && accepted.contains(Meters.OPEN_METRICS);
        String type = open ? Meters.OPEN_METRICS_TEXT : Meters.PROMETHEUS_TEXT;
        vertx.executeBlocking(() -> meters.scrape(type), true)
                .onSuccess(text -> Answers.send(request, 200, type, Buffer.buffer(text)))
                .onFailure(request::fail);
    }

    private static Buffer json(Object content) {
        try {
            return Buffer.buffer(Json.mapper().writeValueAsBytes(content));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a page of the management port cannot be written as JSON", e);
        }
    }
}
