package io.sluice.producer.http;

import io.sluice.producer.form.BadTask;
import io.sluice.producer.guard.Guard;
import io.sluice.producer.guard.RequestClock;
import io.sluice.producer.intake.Intake;
import io.sluice.producer.intake.Known;
import io.sluice.settings.HttpLimits;
import io.sluice.tracing.Tracing;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes. They run on their verticle's event loop. */
public final class HttpIntake {
    private static final Logger log = LoggerFactory.getLogger(HttpIntake.class);
    private static final String TASKS = "/v1/tasks";
    /** A colon in a path would begin a parameter. */
    private static final String BATCH = "/v1/tasks:batch";

    private static final String OPEN_API = "/v1/openapi.json";

    private final Intake intake;
    private final HttpLimits limits;
    private final Guard guard;
    private final ServerSpans spans;

    /** @param guard what every request goes through first */
    public HttpIntake(Intake intake, HttpLimits limits, Guard guard, Tracing tracing) {
        this.intake = intake;
        this.limits = limits;
        this.guard = guard;
        this.spans = new ServerSpans(tracing, HttpIntake::route);
    }

    public Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(guard::begin);
        router.get(OPEN_API).handler(OpenApi::answer);
        router.route().handler(guard::admit);
        // Behind the guard: whoever is not let in shall not fill anybody's collector.
        router.route().handler(spans::begin);
        router.post(TASKS).handler(MediaTypes::one).handler(guard::holdBody);
        router.post(TASKS)
                .handler(BodyHandler.create(false).setBodyLimit(limits.maxBodyBytes()))
                .handler(guard::heldBody)
                .handler(new SingleTask(intake, limits)::take);
        router.postWithRegex(BATCH).handler(MediaTypes::many).handler(this::takeMany);
        router.get(TASKS + "/:id").handler(this::tell);
        answerErrors(router);
        return router;
    }

    private static @Nullable String route(String path) {
        if (path.equals(TASKS) || path.equals(BATCH)) {
            return path;
        }
        return path.startsWith(TASKS + "/") ? TASKS + "/{id}" : null;
    }

    private void takeMany(RoutingContext request) {
        try {
            String key = IdempotencyKey.of(request.request().headers());
            Batch.Rules rules = new Batch.Rules(
                    limits.maxBodyBytes(),
                    (key == null ? Intake.newId() : key) + "-",
                    key != null,
                    onlyErrors(request),
                    SingleTask.source(request),
                    ServerSpans.of(request));
            new Batch(
                            intake,
                            rules,
                            request.request(),
                            RequestClock.of(request),
                            request.vertx().getOrCreateContext())
                    .begin();
        } catch (BadTask e) {
            Problem.of(e).answer(request);
        }
    }

    private static boolean onlyErrors(RoutingContext request) throws BadTask {
        String answers = request.queryParams().get("answers");
        if (answers == null || answers.equals("all")) {
            return false;
        }
        if (answers.equals("errors")) {
            return true;
        }
        throw new BadTask("answers", "is neither all nor errors");
    }

    private void tell(RoutingContext request) {
        String id = request.pathParam("id");
        Known known = intake.find(id);
        Instant since = intake.knowsSince();
        if (known != null) {
            Answer.of(200, TaskState.of(id, known)).send(request);
        } else if (since == null) {
            Problem.of(503, "the results are still being read, or cannot be; what became of the task is not known yet")
                    .answer(request);
        } else {
            Problem.of(404, "no task with this id has been taken in here, or has ended anywhere, since " + since)
                    .since(since)
                    .answer(request);
        }
    }

    private void answerErrors(Router router) {
        router.errorHandler(
                404,
                request -> Problem.of(404, "there is nothing here; " + OPEN_API + " says what is where")
                        .answer(request));
        router.errorHandler(405, request -> {
            boolean posts = request.normalizedPath().equals(TASKS)
                    || request.normalizedPath().equals(BATCH);
            String allowed = posts ? "POST" : "GET";
            request.response().putHeader("allow", allowed);
            Problem.of(405, "only " + allowed + " is allowed here").answer(request);
        });
        router.errorHandler(
                413,
                request -> Problem.tooLarge("the body has more than " + limits.maxBodyBytes()
                                + " bytes, which is producer.max-body")
                        .answer(request));
        router.errorHandler(
                400, request -> Problem.of(400, "the request makes no sense").answer(request));
        // Of all things, that is the status with which vertx-web's body handler fails a body that cannot be read.
        router.errorHandler(
                200,
                request -> Problem.of(400, "the body broke off, or is not as HTTP wants it")
                        .answer(request));
        router.errorHandler(500, request -> {
            log.error("A request failed by an error of Sluice's own", request.failure());
            Problem.of(new IllegalStateException(request.failure())).answer(request);
        });
    }
}
