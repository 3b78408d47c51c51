package io.sluice.producer.http;

import io.sluice.producer.client.Receipt;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.Fields;
import io.sluice.producer.form.TaskForm;
import io.sluice.producer.guard.Guard;
import io.sluice.record.HeaderNames;
import io.sluice.record.NewTask;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes tasks in over HTTP: {@code POST /v1/tasks}, answered with 202 only once the broker has the task. Runs on its
 * verticle's event loop.
 */
public final class HttpIntake {
    private static final Logger log = LoggerFactory.getLogger(HttpIntake.class);
    private static final String PATH = "/v1/tasks";

    private final Tasks tasks;
    private final String defaultType;
    private final int maxBodyBytes;

    public HttpIntake(Tasks tasks, String defaultType, int maxBodyBytes) {
        this.tasks = tasks;
        this.defaultType = defaultType;
        this.maxBodyBytes = maxBodyBytes;
    }

    /** @param guard what every request goes through */
    public Router router(Vertx vertx, Guard guard) {
        Router router = Router.router(vertx);
        router.route().handler(guard::begin);
        router.route().handler(guard::admit);
        router.post(PATH).handler(HttpIntake::checkMediaType);
        router.post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(maxBodyBytes))
                .handler(this::take);
        router.errorHandler(
                404, request -> Problem.of(404, "tasks are posted to " + PATH).answer(request));
        router.errorHandler(405, request -> {
            request.response().putHeader("allow", "POST");
            Problem.of(405, "tasks are posted to " + PATH).answer(request);
        });
        router.errorHandler(
                413,
                request -> Problem.tooLarge(
                                "the body has more than " + maxBodyBytes + " bytes, which is" + " producer.max-body")
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
        return router;
    }

    /** Before the body is read: what is not JSON by its own account need not be sent. */
    private static void checkMediaType(RoutingContext request) {
        String given = request.request().getHeader("content-type");
        String media = given == null ? "" : given.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        boolean accepted = HttpEvent.isOne(request.request().headers())
                ? media.equals("application/json") || (media.endsWith("+json") && !media.contains("cloudevents"))
                : media.equals("application/json");
        if (accepted) {
            request.next();
        } else {
            String found = given == null ? "no content-type" : "content-type " + Fields.shown(given);
            Problem.of(415, "a task is sent with content-type: application/json, not with " + found)
                    .answer(request);
        }
    }

    private void take(RoutingContext request) {
        MultiMap headers = request.request().headers();
        ProducerRecord<byte[], byte[]> record;
        try {
            String body = utf8(request.body().buffer());
            record = HttpEvent.isOne(headers) ? event(headers, body) : form(headers, body);
        } catch (BadTask e) {
            Problem.of(e).answer(request);
            return;
        }
        String id = String.valueOf(HeaderNames.text(record.headers(), HeaderNames.ID));
        tasks.submit(id, record)
                .onSuccess(receipt -> accepted(request, receipt))
                .onFailure(failure -> Problem.of(failure).answer(request));
    }

    private ProducerRecord<byte[], byte[]> event(MultiMap headers, String body) throws BadTask {
        return HttpEvent.toRecord(headers, body, tasks.topic(), defaultType, HttpIntake::newId);
    }

    private ProducerRecord<byte[], byte[]> form(MultiMap headers, String body) throws BadTask {
        NewTask task = TaskForm.read(body, defaultType, HttpIntake::newId);
        return task.toRecord(tasks.topic(), Tasks.SOURCE, TraceParent.of(headers));
    }

    public static String newId() {
        return UUID.randomUUID().toString();
    }

    private static String utf8(@Nullable Buffer body) throws BadTask {
        try {
            return body == null
                    ? ""
                    : StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(body.getBytes()))
                            .toString();
        } catch (CharacterCodingException e) {
            throw new BadTask(null, "the body is not UTF-8");
        }
    }

    private static void accepted(RoutingContext request, Receipt receipt) {
        if (!request.response().closed()) {
            request.response()
                    .setStatusCode(202)
                    .putHeader("content-type", "application/json")
                    .end(new JsonObject().put("id", receipt.id()).toBuffer());
        }
    }
}
