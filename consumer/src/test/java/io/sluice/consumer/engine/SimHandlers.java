package io.sluice.consumer.engine;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** The body of every type at one consumer: does what the task's plan says, and tells the witness. */
final class SimHandlers implements TaskType.Body {
    /** Makes anything too large; read as one part more. */
    private static final String FAT = ":" + "x".repeat(SimSink.LARGEST);

    static final String DEFAULT = "by default";

    private static final class Failed extends RuntimeException {
        Failed(String message) {
            super(message, null, false, false);
        }
    }

    private static final class Stopped extends CancellationException {
        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    /** Jackson cannot write it. */
    private static final JsonSerializable UNWRITABLE = new JsonSerializable.Base() {
        @Override
        public void serialize(JsonGenerator out, SerializerProvider provider) {
            throw new Failed("no text");
        }

        @Override
        public void serializeWithType(JsonGenerator out, SerializerProvider provider, TypeSerializer type) {
            throw new Failed("no text");
        }
    };

    private final SimWorld world;
    private final SimConsumer consumer;

    SimHandlers(SimWorld world, SimConsumer consumer) {
        this.world = world;
        this.consumer = consumer;
    }

    @Override
    @SuppressWarnings("NullAway") // What a handler must not return is returned on purpose.
    public Future<?> start(Attempt attempt) {
        SimRecord record = world.recordOf(attempt);
        SimPlan.Act act = record.task.plan.act(record.task.runs++);
        return switch (act.how()) {
            case BLOCKING, BLOCKING_FAILS -> attempt.blockingBody(() -> blocking(attempt, begin(attempt, record, act)));
            default -> async(attempt, begin(attempt, record, act));
        };
    }

    private SimRun begin(Attempt attempt, SimRecord record, SimPlan.Act act) {
        SimRun run = world.witness.runs.started(consumer, record, act);
        attempt.cancelled().onSuccess(cancelled -> world.witness.runs.cancelled(run));
        return run;
    }

    private @Nullable Future<?> async(Attempt attempt, SimRun run) {
        attempt.bodyStarts();
        SimPlan.How how = run.act.how();
        return switch (how) {
            case DONE -> Future.succeededFuture(succeed(attempt, run));
            case NULL_FUTURE -> {
                fail(attempt, run);
                yield null;
            }
            case THROWS -> throw fail(attempt, run);
            case UNWRITABLE -> {
                world.witness.runs.ended(run, false);
                yield Future.succeededFuture(UNWRITABLE);
            }
            case MIXED -> mixed(attempt, run);
            default -> later(attempt, run);
        };
    }

    private Future<Object> mixed(Attempt attempt, SimRun run) {
        return attempt.blocking(() -> "half")
                .transform(half -> half.succeeded()
                        ? Future.succeededFuture(succeed(attempt, run))
                        : Future.failedFuture(fail(attempt, run)));
    }

    private Future<Object> later(Attempt attempt, SimRun run) {
        Promise<Object> promise = Promise.promise();
        SimPlan.How how = run.act.how();
        boolean listens = how != SimPlan.How.DEAF && how != SimPlan.How.STUCK;
        if (listens) {
            attempt.cancelled().onSuccess(cancelled -> {
                if (!run.over) {
                    promise.fail(fail(attempt, run));
                }
            });
        }
        if (how != SimPlan.How.HANGS) {
            consumer.at(world.nanos() + run.act.nanos(), () -> end(attempt, run, promise));
        }
        return promise.future();
    }

    private void end(Attempt attempt, SimRun run, Promise<Object> promise) {
        if (run.over) {
            return;
        }
        if (run.act.how().succeeds()) {
            promise.complete(succeed(attempt, run));
        } else {
            promise.fail(fail(attempt, run));
        }
    }

    private Object blocking(Attempt attempt, SimRun run) {
        consumer.workers.work(run.act.nanos());
        if (run.act.how() == SimPlan.How.BLOCKING && !Thread.interrupted()) {
            return TaskType.Encoded.of(succeed(attempt, run));
        }
        throw fail(attempt, run);
    }

    /** The call ends well: its result names it. */
    private String succeed(Attempt attempt, SimRun run) {
        SimPlan.Output output = run.task().plan.output();
        for (int child = 0; child < output.children(); child++) {
            boolean large = output.hasLargeChild() && child == output.children() - 1;
            attempt.emit(run.task().type, run.task().key, WitnessRecords.child(run.task(), child) + (large ? FAT : ""));
        }
        world.witness.runs.ended(run, true);
        return WitnessRecords.result(run) + (output.isLarge() ? FAT : "");
    }

    /** The call ends badly; what it emitted must never be seen. */
    private RuntimeException fail(Attempt attempt, SimRun run) {
        if (run.task().plan.output().children() > 0) {
            attempt.emit(run.task().type, run.task().key, WitnessRecords.child(run.task(), WitnessRecords.FORBIDDEN));
        }
        world.witness.runs.ended(run, false);
        if (run.cancelledNanos >= 0) {
            return new Stopped();
        }
        return switch (run.act.how()) {
            case PERMANENT -> withoutTrace(new PermanentFailure("never"));
            case LATER -> withoutTrace(later(run));
            default -> new Failed("failed");
        };
    }

    private static RuntimeException later(SimRun run) {
        RetryLater later = new RetryLater(Duration.ofNanos(run.act.nanos()), "later");
        return run.id % 3 == 0 ? later.forKey() : later;
    }

    /** A dead letter prints it, which takes long. */
    private static RuntimeException withoutTrace(RuntimeException exception) {
        exception.setStackTrace(new StackTraceElement[0]);
        return exception;
    }
}
