package io.sluice.producer;

import io.sluice.producer.client.NoResultYet;
import io.sluice.producer.client.Receipt;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.Incoming;
import io.sluice.producer.http.Problem;
import io.sluice.producer.http.TaskState;
import io.sluice.producer.http.TraceParent;
import io.sluice.producer.http.Wait;
import io.sluice.producer.intake.Intake;
import io.sluice.producer.metrics.Outcomes;
import io.sluice.producer.metrics.Source;
import io.sluice.record.TraceContext;
import io.sluice.settings.HttpLimits;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Supplier;

/** Takes tasks in at an address of the event bus, and answers as HTTP does. Its verticle's event loop. */
final class BusIntake {
    private final Intake intake;
    private final HttpLimits limits;
    private final Outcomes outcomes;

    BusIntake(Intake intake, HttpLimits limits) {
        this.intake = intake;
        this.limits = limits;
        this.outcomes = intake.outcomes(Source.BUS);
    }

    void take(Message<Object> message) {
        try {
            if (!(message.body() instanceof JsonObject form)) {
                throw new BadTask(null, "a task is a JsonObject");
            }
            Duration wait = Wait.of(message.headers(), limits);
            Incoming task = Incoming.of(intake.read(form.toBuffer().getBytes(), Intake::newId));
            TraceContext trace = TraceParent.of(message.headers());
            Supplier<Future<Receipt>> take =
                    () -> intake.take(task, task.toRecord(intake.tasks().topic(), Tasks.SOURCE, trace), false)
                            .onComplete(taken -> outcomes.count(taken.cause()));
            if (wait == null) {
                answer(message, take.get());
            } else {
                intake.checkAwaitable(task.task().type());
                answer(message, intake.call(task.task().id(), wait, take));
            }
        } catch (BadTask e) {
            outcomes.count(e);
            fail(message, e);
        }
    }

    private static void answer(Message<Object> message, Future<Receipt> taken) {
        taken.onSuccess(receipt -> message.reply(new JsonObject(TaskState.accepted(receipt.id()))))
                .onFailure(failure -> fail(message, failure));
    }

    private static void answer(Message<Object> message, Intake.Call call) {
        call.result()
                .onSuccess(result -> message.reply(new JsonObject(TaskState.of(result))))
                .onFailure(failure -> {
                    if (failure instanceof NoResultYet) {
                        answer(message, call.receipt());
                    } else {
                        fail(message, failure);
                    }
                });
    }

    private static void fail(Message<Object> message, Throwable failure) {
        Problem problem = Problem.of(failure);
        message.fail(problem.status(), problem.detail());
    }
}
