package io.sluice.producer.http;

import io.sluice.producer.client.NoResultYet;
import io.sluice.producer.client.Receipt;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.CloudEvent;
import io.sluice.producer.form.Incoming;
import io.sluice.producer.guard.Guard;
import io.sluice.producer.intake.Intake;
import io.sluice.producer.metrics.Outcomes;
import io.sluice.producer.metrics.Source;
import io.sluice.settings.HttpLimits;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/tasks}: one task, in three ways to write it, answered with 202 only once the broker has it. Event loop. */
final class SingleTask {
    private final Intake intake;
    private final HttpLimits limits;
    private final Outcomes outcomes;

    SingleTask(Intake intake, HttpLimits limits) {
        this.intake = intake;
        this.limits = limits;
        this.outcomes = intake.outcomes(Source.HTTP);
    }

    void take(RoutingContext request) {
        MultiMap headers = request.request().headers();
        try {
            String id = IdempotencyKey.of(headers);
            Duration wait = Wait.of(request.queryParams(), limits);
            Incoming task = withId(id, read(headers, body(request), id == null ? Intake::newId : () -> id));
            ProducerRecord<byte[], byte[]> record =
                    task.toRecord(intake.tasks().topic(), source(request), ServerSpans.of(request));
            Supplier<Future<Receipt>> take =
                    () -> intake.take(task, record, id != null).onComplete(taken -> outcomes.count(taken.cause()));
            if (wait == null) {
                answer(request, take.get());
            } else {
                intake.checkAwaitable(task.task().type());
                answer(request, intake.call(task.task().id(), wait, take));
            }
        } catch (BadTask e) {
            outcomes.count(e);
            Problem.of(e).answer(request);
        }
    }

    private Incoming read(MultiMap headers, byte[] body, Supplier<String> ids) throws BadTask {
        if (EventHeaders.areThere(headers)) {
            return intake.checked(EventHeaders.event(headers, body).toTask(intake.defaultType(), ids));
        }
        return MediaTypes.of(headers).equals(MediaTypes.STRUCTURED)
                ? intake.checked(CloudEvent.structured(body).toTask(intake.defaultType(), ids))
                : Incoming.of(intake.read(body, ids));
    }

    private static Incoming withId(@Nullable String key, Incoming task) throws BadTask {
        if (key != null && !task.task().id().equals(key)) {
            throw new BadTask(
                    "idempotency-key", "is not the id that the task itself has; give one of them, or both alike");
        }
        return task;
    }

    private static byte[] body(RoutingContext request) {
        Buffer body = request.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }

    /** Who sent it: the name of the token, if there is one. */
    static String source(RoutingContext request) {
        String token = Guard.tokenOf(request);
        return token == null ? Tasks.SOURCE : Tasks.SOURCE + "/" + token;
    }

    private static void answer(RoutingContext request, Future<Receipt> taken) {
        taken.onSuccess(receipt -> Answer.of(202, TaskState.accepted(receipt.id()))
                        .location("/v1/tasks/" + Answer.encoded(receipt.id()))
                        .send(request))
                .onFailure(failure -> Problem.of(failure).answer(request));
    }

    private static void answer(RoutingContext request, Intake.Call call) {
        call.result()
                .onSuccess(result -> Answer.of(200, TaskState.of(result)).send(request))
                .onFailure(failure -> {
                    if (failure instanceof NoResultYet) {
                        answer(request, call.receipt());
                    } else {
                        Problem.of(failure).answer(request);
                    }
                });
    }
}
