package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.handler.PermanentFailure;
import io.sluice.settings.Answers;
import io.sluice.settings.Limits;
import io.sluice.settings.Results;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One run of a handler, seen through the dispatcher: what it may use, how it ends, and when its permit comes back. */
class AttemptTest {
    private static final Limits LIMITS = new Limits(10, 10);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private static Bench bench(TaskType.Body body) {
        return new Bench(LIMITS, TestSettings.type(10), body);
    }

    @Test
    void aCallThatWasQueuedWhenItsPartitionWentDoesNotBegin() {
        AtomicInteger runs = new AtomicInteger();
        Bench bench = bench(attempt -> attempt.blockingBody(runs::incrementAndGet));
        OwnedPartition partition = bench.partition(0);
        List<Task> tasks = bench.feed(partition, TaskRecord.at(0));

        // The loop has not heard of it yet.
        partition.giveUp();
        bench.workers.runNext();
        bench.loop.runAll();

        assertThat(runs).hasValue(0);
        assertThat(tasks.get(0).end()).isEqualTo(Task.End.DROPPED);
        assertThat(bench.status().inFlight()).isZero();
    }

    @Test
    void anOutputThatNobodyIsToldOfNeedNotBeJson() {
        Unwritable unwritable = new Unwritable(new IllegalStateException("no value"));
        for (Results told : List.of(Results.NONE, Results.FAILURES)) {
            Answers answers = new Answers(told, null);
            Bench bench =
                    new Bench(LIMITS, TestSettings.type(10, answers), attempt -> Future.succeededFuture(unwritable));
            List<Task> tasks = bench.feed(bench.partition(0), TaskRecord.at(0));

            assertThat(tasks.get(0).end()).isEqualTo(Task.End.SETTLED);
            assertThat(bench.deadLetters()).isEmpty();
            assertThat(bench.results()).isEmpty();
        }

        Bench told = bench(attempt -> Future.succeededFuture(unwritable));
        told.feed(told.partition(0), TaskRecord.at(0));
        assertThat(told.deadLetters())
                .as("where somebody is")
                .extracting(deadLetter -> Bench.header(deadLetter, "sluice-reason"))
                .containsExactly("result");
    }

    @Test
    void aTimeoutCountsFromTheStartOfTheBody() {
        Bench bench = bench(attempt -> attempt.blockingBody(() -> "done"));
        bench.feed(bench.partition(0), TaskRecord.at(0));

        bench.advance(TestSettings.TIMEOUT.multipliedBy(10));
        assertThat(bench.status(TestSettings.TYPE).attempts().timeouts())
                .as("its call has not begun")
                .isZero();

        bench.workers.runNext();
        bench.loop.runAll();
        assertThat(bench.results()).hasSize(1);
    }

    @Test
    void theTimeoutsOfBodiesThatWaitedForTheirThreadsStrikeInTurn() {
        List<Long> cancelled = new ArrayList<>();
        List<Attempt> attempts = new ArrayList<>();
        Bench bench = bench(attempt -> {
            attempts.add(attempt);
            attempt.cancelled()
                    .onComplete(told -> cancelled.add(attempt.record().offset()));
            return Promise.promise().future();
        });
        bench.feed(bench.partition(0), TaskRecord.at(0), TaskRecord.at(1), TaskRecord.at(2), TaskRecord.at(3));
        Duration step = TestSettings.TIMEOUT.dividedBy(4);

        // They were all told to start at once; the second waits for its thread for longer than its timeout.
        attempts.get(2).bodyStarts();
        bench.advance(step);
        attempts.get(0).bodyStarts();
        bench.advance(step);
        attempts.get(3).bodyStarts();
        bench.advance(step.multipliedBy(2).minus(MOMENT));
        assertThat(cancelled).isEmpty();
        bench.advance(MOMENT);
        assertThat(cancelled).containsExactly(2L);
        bench.advance(step.minus(MOMENT));
        assertThat(cancelled).containsExactly(2L);
        bench.advance(MOMENT);
        assertThat(cancelled).containsExactly(2L, 0L);
        attempts.get(1).bodyStarts();
        bench.advance(step);
        assertThat(cancelled).containsExactly(2L, 0L, 3L);
        bench.advance(step.multipliedBy(3).minus(MOMENT));
        assertThat(cancelled).containsExactly(2L, 0L, 3L);
        bench.advance(MOMENT);
        assertThat(cancelled).containsExactly(2L, 0L, 3L, 1L);
    }

    @Test
    void anAttemptOverItsTimeoutIsCancelledAndTriedAgain() {
        Bench bench = new Bench(LIMITS);
        bench.feed(bench.partition(0), TaskRecord.at(0));
        HeldBody.Run run = bench.body.run(0);

        bench.advance(TestSettings.TIMEOUT.minus(MOMENT));
        assertThat(run.attempt().cancelled().isComplete()).isFalse();
        bench.advance(MOMENT);
        assertThat(run.attempt().cancelled().succeeded()).isTrue();

        bench.loop.on(() -> run.fail(new CancellationException()));
        bench.advance(TestSettings.BACKOFF);

        assertThat(bench.body.run(0).attempt().attempt()).isEqualTo(2);
        assertThat(bench.status(TestSettings.TYPE).attempts().timeouts()).isEqualTo(1);
    }

    @Test
    void everyAttemptHasItsOwnDeadline() {
        Bench bench = new Bench(LIMITS);
        OwnedPartition partition = bench.partition(0);
        bench.feed(partition, TaskRecord.at(0));
        bench.advance(Duration.ofSeconds(2));
        bench.feed(partition, TaskRecord.at(1));
        bench.advance(Duration.ofSeconds(1));
        bench.feed(partition, TaskRecord.at(2));
        bench.succeed(1);

        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.body.run(0).attempt().cancelled().isComplete()).isTrue();
        assertThat(bench.body.run(2).attempt().cancelled().isComplete()).isFalse();

        bench.advance(Duration.ofSeconds(3));
        assertThat(bench.body.run(2).attempt().cancelled().isComplete()).isTrue();
        assertThat(bench.body.run(1).attempt().cancelled().isComplete()).isFalse();
    }

    @Test
    void theDeadlineIsTheStartAndTheTimeout() {
        Bench bench = new Bench(LIMITS);
        bench.feed(bench.partition(0), TaskRecord.at(0));
        Attempt attempt = bench.body.run(0).attempt();
        var expected = bench.loop.now().plus(TestSettings.TIMEOUT);

        bench.advance(Duration.ofSeconds(1));

        assertThat(attempt.deadline()).isEqualTo(expected);
    }

    @Test
    void anAttemptKnowsItsTask() {
        Bench bench = new Bench(LIMITS);
        bench.feed(
                bench.partition(0),
                TaskRecord.at(3).key("example.org").header("a", "1").header("a", "2"));

        Attempt attempt = bench.body.run(3).attempt();

        assertThat(attempt.id()).isEqualTo("tasks-0-3");
        assertThat(attempt.type()).isEqualTo(TestSettings.TYPE);
        assertThat(attempt.key()).isEqualTo("example.org");
        assertThat(attempt.attempt()).isEqualTo(1);
        assertThat(attempt.headers()).isEqualTo(Map.of("a", "2"));
    }

    @Test
    void aLateResultIsIgnored() {
        Bench bench = new Bench(LIMITS);
        bench.feed(bench.partition(0), TaskRecord.at(0));
        bench.advance(TestSettings.TIMEOUT);

        bench.succeed(0);

        assertThat(bench.results()).isEmpty();
        assertThat(bench.status().backingOff()).isEqualTo(1);
    }

    @Test
    void aTimeoutWithADefaultIsASuccess() {
        HeldBody body = new HeldBody();
        Bench bench = new Bench(
                LIMITS, TestSettings.type(10, TestSettings.onTimeout(TextNode.valueOf("nothing found"))), body);
        OwnedPartition partition = bench.partition(0);
        bench.feed(partition, TaskRecord.at(0));
        body.run(0).attempt().emit("next", null, "half done");

        bench.advance(TestSettings.TIMEOUT);
        assertThat(bench.results()).as("it still runs").isEmpty();
        bench.loop.on(() -> body.run(0).fail(new CancellationException()));

        assertThat(bench.results()).extracting(Bench::text).containsExactly("\"nothing found\"");
        assertThat(bench.sink.written()).as("what it emitted is dropped").hasSize(1);
        assertThat(Bench.committable(partition)).isEqualTo(1);
    }

    @Test
    void aStuckTaskWithADefaultEndsWithItAndKeepsItsPermit() {
        HeldBody body = new HeldBody();
        Bench bench =
                new Bench(LIMITS, TestSettings.type(10, TestSettings.onTimeout(TextNode.valueOf("default"))), body);
        bench.feed(bench.partition(0), TaskRecord.at(0));

        bench.advance(TestSettings.TIMEOUT.plus(TestSettings.STOP_GRACE));

        assertThat(bench.results()).hasSize(1);
        assertThat(bench.deadLetters()).isEmpty();
        assertThat(bench.status().inFlight()).isEqualTo(1);
    }

    @Test
    void aFutureThatNeverCompletesIsStuckOnceAndKeepsItsPermit() {
        Bench bench = new Bench(new Limits(1, 1));
        OwnedPartition partition = bench.partition(0);
        bench.feed(partition, TaskRecord.at(0), TaskRecord.at(1));

        bench.advance(TestSettings.TIMEOUT.plus(TestSettings.STOP_GRACE).minus(MOMENT));
        assertThat(bench.reasons()).isEmpty();
        bench.advance(MOMENT);

        assertThat(bench.reasons()).containsExactly("stuck");
        assertThat(Bench.committable(partition)).isEqualTo(1);
        assertThat(bench.status().inFlight()).isEqualTo(1);
        assertThat(bench.status(TestSettings.TYPE).stuck()).isEqualTo(1);

        bench.advance(Duration.ofHours(1));
        assertThat(bench.reasons()).containsExactly("stuck");
        assertThat(bench.body.started()).as("its permit is still taken").containsExactly("tasks-0-0");
    }

    @Test
    void aStuckCallThatEndsAfterAllGivesItsPermitBackAndNothingElse() {
        Bench bench = new Bench(new Limits(1, 1));
        bench.feed(bench.partition(0), TaskRecord.at(0), TaskRecord.at(1));
        bench.advance(TestSettings.TIMEOUT.plus(TestSettings.STOP_GRACE));

        bench.succeed(0);

        assertThat(bench.body.started()).containsExactly("tasks-0-0", "tasks-0-1");
        assertThat(bench.status(TestSettings.TYPE).stuck()).isZero();
        assertThat(bench.reasons()).containsExactly("stuck");
        assertThat(bench.results()).hasSize(1);
    }

    @Test
    void withLimitOneAStuckCallHoldsItsKey() {
        Bench bench = new Bench(new Limits(10, 1));
        bench.feed(
                bench.partition(0),
                TaskRecord.at(0).key("a"),
                TaskRecord.at(1).key("a"),
                TaskRecord.at(2).key("b"));
        bench.advance(TestSettings.TIMEOUT.plus(TestSettings.STOP_GRACE));
        assertThat(bench.body.started()).containsExactly("tasks-0-0", "tasks-0-2");

        bench.succeed(0);

        assertThat(bench.body.started()).contains("tasks-0-1");
    }

    @Test
    void aNullFutureIsAFailure() {
        Bench bench = bench(new NullBody());
        bench.feed(bench.partition(0), TaskRecord.at(0));

        assertThat(bench.status().backingOff()).isEqualTo(1);
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.reasons()).containsExactly("exhausted");
        assertThat(Bench.header(bench.deadLetters().get(0), "kafka_dlt-exception-message"))
                .isEqualTo("the handler returned no future");
    }

    private static final class NullBody implements TaskType.Body {
        @Override
        @SuppressWarnings("NullAway") // what a careless handler does
        public Future<?> start(Attempt attempt) {
            return null;
        }
    }

    private static List<Throwable> everyKind() {
        return List.of(
                new IllegalStateException(),
                new Exception("checked"),
                new StackOverflowError(),
                new AssertionError("no"),
                new NoClassDefFoundError("some/Class"),
                new OutOfMemoryError("array too large"),
                new Unprintable());
    }

    /** A bug in the very exception that reports one. */
    private static final class Unprintable extends RuntimeException {
        @Override
        public String getMessage() {
            throw new NullPointerException("no message");
        }
    }

    @Test
    void anythingThrownIsAClassifiedFailure() {
        for (Throwable thrown : everyKind()) {
            Bench bench = bench(attempt -> {
                throw AttemptTest.<RuntimeException>unchecked(thrown);
            });
            OwnedPartition partition = bench.partition(0);
            bench.feed(partition, TaskRecord.at(0));
            bench.advance(Duration.ofMinutes(1));

            assertThat(bench.reasons()).as(thrown.getClass().getName()).containsExactly("exhausted");
            assertThat(Bench.committable(partition)).isEqualTo(1);
            assertThat(bench.status().inFlight()).isZero();
        }
    }

    @Test
    void anyFailedFutureIsAClassifiedFailure() {
        for (Throwable cause : everyKind()) {
            Bench bench = bench(attempt -> Future.failedFuture(cause));
            OwnedPartition partition = bench.partition(0);
            bench.feed(partition, TaskRecord.at(0));
            bench.advance(Duration.ofMinutes(1));

            assertThat(bench.reasons()).as(cause.getClass().getName()).containsExactly("exhausted");
            assertThat(Bench.committable(partition)).isEqualTo(1);
        }
    }

    @Test
    void anythingThrownByBlockingCodeIsAClassifiedFailure() {
        for (Throwable thrown : everyKind()) {
            Bench bench = bench(attempt -> attempt.blockingBody(() -> {
                throw AttemptTest.<RuntimeException>unchecked(thrown);
            }));
            bench.feed(bench.partition(0), TaskRecord.at(0));
            for (int i = 0; i < 3; i++) {
                bench.workers.runNext();
                bench.loop.runAll();
                bench.advance(Duration.ofSeconds(10));
            }

            assertThat(bench.reasons()).as(thrown.getClass().getName()).containsExactly("exhausted");
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // javac checks exceptions, the JVM does not
    private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** What Jackson makes of it depends on what its getters throw. */
    public record Unwritable(@JsonIgnore @Nullable Throwable thrown) {
        public String getValue() {
            if (thrown == null) {
                return "fine";
            }
            throw AttemptTest.<RuntimeException>unchecked(thrown);
        }
    }

    @Test
    void aResultThatCannotBeWrittenIsADeadLetterAtOnce() {
        for (Throwable thrown : List.of(new IllegalStateException("no value"), new AssertionError("no value"))) {
            Bench bench = bench(attempt -> Future.succeededFuture(new Unwritable(thrown)));
            OwnedPartition partition = bench.partition(0);
            bench.feed(partition, TaskRecord.at(0));

            assertThat(bench.reasons()).as(thrown.toString()).containsExactly("result");
            assertThat(Bench.committable(partition)).isEqualTo(1);
        }
    }

    @Test
    void aHandlerMayCompleteOnAnotherThread() throws InterruptedException {
        Bench bench = new Bench(LIMITS);
        bench.feed(bench.partition(0), TaskRecord.at(0));

        Thread foreign = new Thread(() -> bench.body.run(0).succeed("from afar"));
        foreign.start();
        foreign.join();

        assertThat(bench.results()).as("nothing happens off the loop").isEmpty();
        assertThat(bench.status().inFlight()).isEqualTo(1);
        bench.loop.runAll();
        assertThat(bench.results()).extracting(Bench::text).containsExactly("\"from afar\"");
    }

    @Test
    void thePermitReturnsOnlyWhenAllBlockingCallsHaveEnded() {
        Bench bench = bench(attempt -> {
            attempt.bodyStarts();
            attempt.blocking(() -> "a").onComplete(ended -> {});
            attempt.blocking(() -> "b").onComplete(ended -> {});
            return Future.succeededFuture("done");
        });
        bench.feed(bench.partition(0), TaskRecord.at(0));

        bench.workers.runNext();
        bench.loop.runAll();
        assertThat(bench.status().inFlight()).isEqualTo(1);
        assertThat(bench.results()).isEmpty();

        bench.workers.runNext();
        bench.loop.runAll();
        assertThat(bench.status().inFlight()).isZero();
        assertThat(bench.results()).hasSize(1);
    }

    @Test
    void theTimeoutStrikesACallThatABodyHasLeftBehindToo() {
        List<Boolean> cancelled = new ArrayList<>();
        Bench bench = bench(attempt -> {
            attempt.bodyStarts();
            attempt.blocking(() -> "queued for ever").onComplete(ended -> cancelled.add(ended.failed()));
            return Future.succeededFuture("done");
        });
        bench.feed(bench.partition(0), TaskRecord.at(0));

        bench.advance(TestSettings.TIMEOUT.minus(MOMENT));
        assertThat(cancelled).isEmpty();
        bench.advance(MOMENT);

        assertThat(cancelled).containsExactly(true);
        assertThat(bench.status(TestSettings.TYPE).attempts().timeouts()).isEqualTo(1);
    }

    @Test
    void aCallThatFollowsFromAnotherBelongsToTheAttempt() {
        Bench bench = bench(attempt -> {
            attempt.bodyStarts();
            return attempt.blocking(() -> 1)
                    .compose(one -> attempt.blocking(() -> one + 1))
                    .compose(two -> attempt.blocking(() -> two + 1));
        });
        bench.feed(bench.partition(0), TaskRecord.at(0));

        for (int i = 0; i < 3; i++) {
            assertThat(bench.results()).isEmpty();
            bench.workers.runNext();
            bench.loop.runAll();
        }

        assertThat(bench.results()).extracting(Bench::text).containsExactly("3");
    }

    @Test
    void aHandlerThatFailsAtOnceWhenCancelledKeepsItsPermitWhileItsCallRuns() {
        Runnable[] inside = {() -> {}};
        Bench bench = bench(attempt -> {
            attempt.bodyStarts();
            Promise<Object> promise = Promise.promise();
            attempt.blocking(() -> {
                        inside[0].run();
                        return "late";
                    })
                    .onComplete(ended -> {});
            attempt.cancelled().onSuccess(cancelled -> promise.fail("cancelled"));
            return promise.future();
        });
        bench.feed(bench.partition(0), TaskRecord.at(0));
        inside[0] = () -> {
            bench.advance(TestSettings.TIMEOUT);
            assertThat(bench.status().inFlight()).as("the call runs on").isEqualTo(1);
            assertThat(bench.status().backingOff()).isZero();
        };

        bench.workers.runNext();
        bench.loop.runAll();

        assertThat(bench.status().inFlight()).isZero();
        assertThat(bench.status().backingOff()).isEqualTo(1);
    }

    @Test
    void aBodyThatFailsWhileACallOfItsRunsFailsAsItSaidAndTheCallIsInterrupted() {
        Promise<Object> promise = Promise.promise();
        boolean[] interrupted = {false};
        Runnable[] inside = {() -> {}};
        Bench bench = bench(attempt -> {
            attempt.bodyStarts();
            attempt.blocking(() -> {
                        inside[0].run();
                        interrupted[0] = Thread.interrupted();
                        return "late";
                    })
                    .onComplete(ended -> {});
            return promise.future();
        });
        bench.feed(bench.partition(0), TaskRecord.at(0));
        inside[0] = () -> {
            bench.loop.on(() -> promise.fail(new PermanentFailure("its own")));
            assertThat(bench.status().inFlight()).as("the call runs on").isEqualTo(1);
            assertThat(bench.reasons()).isEmpty();
        };

        bench.workers.runNext();
        bench.loop.runAll();

        assertThat(interrupted[0]).isTrue();
        assertThat(bench.reasons()).containsExactly("permanent");
        assertThat(bench.status().inFlight()).isZero();
        assertThat(bench.status(TestSettings.TYPE).attempts().timeouts()).isZero();
    }

    @Test
    void aBodyThatFailsTakesItsQueuedCallsWithIt() {
        boolean[] ran = {false};
        Bench bench = bench(attempt -> {
            attempt.bodyStarts();
            attempt.blocking(() -> ran[0] = true).onComplete(ended -> {});
            return Future.failedFuture(new PermanentFailure("at once"));
        });
        bench.feed(bench.partition(0), TaskRecord.at(0));

        assertThat(bench.reasons()).containsExactly("permanent");
        assertThat(bench.status().inFlight()).isZero();
        bench.workers.runNext();
        assertThat(ran[0]).isFalse();
    }

    @Test
    void aCallThatIgnoresTheFailureOfItsBodyIsStuckWithThatFailure() {
        Promise<Object> promise = Promise.promise();
        Runnable[] inside = {() -> {}};
        Bench bench = bench(attempt -> {
            attempt.bodyStarts();
            attempt.blocking(() -> {
                        inside[0].run();
                        return "late";
                    })
                    .onComplete(ended -> {});
            return promise.future();
        });
        bench.feed(bench.partition(0), TaskRecord.at(0));
        inside[0] = () -> {
            bench.loop.on(() -> promise.fail(new IllegalStateException("its own")));
            bench.advance(TestSettings.STOP_GRACE);
            assertThat(bench.reasons()).containsExactly("stuck");
            assertThat(bench.status().inFlight()).isEqualTo(1);
        };

        bench.workers.runNext();
        bench.loop.runAll();

        assertThat(bench.status().inFlight()).isZero();
        assertThat(bench.reasons()).containsExactly("stuck");
        assertThat(Bench.header(bench.deadLetters().get(0), "kafka_dlt-exception-message"))
                .isEqualTo("its own");
    }

    @Test
    void aTimeoutStaysATimeoutWhenTheBodyFailsOnlyThenAndACallIgnoresIt() {
        Runnable[] inside = {() -> {}};
        Bench bench = bench(attempt -> {
            attempt.bodyStarts();
            Promise<Object> promise = Promise.promise();
            attempt.blocking(() -> {
                        inside[0].run();
                        return "late";
                    })
                    .onComplete(ended -> {});
            attempt.cancelled().onSuccess(cancelled -> promise.fail("cancelled"));
            return promise.future();
        });
        bench.feed(bench.partition(0), TaskRecord.at(0));
        inside[0] = () -> bench.advance(TestSettings.TIMEOUT.plus(TestSettings.STOP_GRACE));

        bench.workers.runNext();
        bench.loop.runAll();

        assertThat(bench.reasons()).containsExactly("stuck");
        assertThat(Bench.header(bench.deadLetters().get(0), "kafka_dlt-exception-fqcn"))
                .isEqualTo(AttemptTimedOut.class.getName());
    }

    @Test
    void theGraceOfAnAttemptEndsWithIt() {
        Bench bench = bench(attempt -> {
            attempt.bodyStarts();
            Promise<Object> promise = Promise.promise();
            attempt.cancelled().onSuccess(cancelled -> promise.fail("cancelled"));
            return promise.future();
        });
        bench.feed(bench.partition(0), TaskRecord.at(0));

        bench.advance(TestSettings.TIMEOUT);

        assertThat(bench.status().backingOff()).isEqualTo(1);
        assertThat(bench.loop.timers()).as("that of the backoff").isEqualTo(1);
    }

    @Test
    void aQueuedCallIsSkippedWhenItsAttemptIsCancelled() {
        boolean[] ran = {false};
        Bench bench = bench(attempt -> {
            attempt.bodyStarts();
            return attempt.blocking(() -> ran[0] = true);
        });
        bench.feed(bench.partition(0), TaskRecord.at(0));

        bench.advance(TestSettings.TIMEOUT);
        assertThat(bench.status().inFlight()).as("a skipped call ends at once").isZero();
        bench.workers.runNext();

        assertThat(ran[0]).isFalse();
    }

    @Test
    void noCallBeginsAfterTheCancellation() {
        List<Throwable> refusals = new ArrayList<>();
        HeldBody body = new HeldBody();
        Bench bench = bench(body);
        bench.feed(bench.partition(0), TaskRecord.at(0));
        Attempt attempt = body.run(0).attempt();
        attempt.cancelled().onSuccess(cancelled -> attempt.blocking(() -> "x").onFailure(refusals::add));

        bench.advance(TestSettings.TIMEOUT);

        assertThat(refusals).hasSize(1).first().isInstanceOf(CancellationException.class);
        assertThat(bench.workers.queued()).isZero();
    }

    /** A thread that answers an interrupt at once, as another core would, by making the attempt's next call. */
    private static final class Hasty extends Thread {
        private final Runnable whenInterrupted;

        Hasty(Runnable code, Runnable whenInterrupted) {
            super(code);
            this.whenInterrupted = whenInterrupted;
        }

        @Override
        public void interrupt() {
            whenInterrupted.run();
        }
    }

    @Test
    void aCallMadeWhileTheAttemptIsBeingCancelledIsCancelledToo() throws InterruptedException {
        Runnable[] inside = {() -> {}};
        List<Attempt> attempts = new ArrayList<>();
        List<Integer> ran = new ArrayList<>();
        Bench bench = bench(attempt -> {
            attempts.add(attempt);
            attempt.bodyStarts();
            return attempt.blocking(() -> {
                inside[0].run();
                return "first";
            });
        });
        bench.feed(bench.partition(0), TaskRecord.at(0));
        inside[0] = () -> bench.advance(TestSettings.TIMEOUT);
        Thread worker = new Hasty(
                bench.workers::runNext,
                () -> attempts.get(0).blocking(() -> ran.add(2)).onComplete(ended -> {}));
        worker.start();
        worker.join();

        while (bench.workers.queued() > 0) {
            bench.workers.runNext();
        }
        bench.loop.runAll();

        assertThat(ran).isEmpty();
        assertThat(bench.status().inFlight()).isZero();
    }

    private static Bench bench(TaskType.Body body, Executor workers) {
        return new Bench(
                LIMITS,
                known -> List.of(Bench.type(
                        TestSettings.TYPE,
                        TestSettings.type(10),
                        RetryPolicy.untilKnown(Duration.ofDays(1)),
                        body,
                        workers)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPoolThatIsClosedFailsTheCallAndReturnsThePermit(boolean rejects) {
        List<Throwable> failures = new ArrayList<>();
        Bench bench = bench(
                attempt -> {
                    attempt.bodyStarts();
                    return attempt.blocking(() -> "x").onFailure(failures::add);
                },
                call -> {
                    throw rejects ? new RejectedExecutionException("closed") : new IllegalStateException("closed");
                });
        bench.feed(bench.partition(0), TaskRecord.at(0));

        assertThat(failures).hasSize(1);
        assertThat(bench.status().inFlight()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallThatGetsNoThreadFailsAndReturnsThePermit(boolean isBody) {
        Error noThread = new OutOfMemoryError("unable to create native thread");
        List<Throwable> failures = new ArrayList<>();
        Bench bench = bench(
                attempt -> {
                    Future<String> call = isBody ? attempt.blockingBody(() -> "x") : attempt.blocking(() -> "x");
                    return call.onFailure(failures::add);
                },
                call -> {
                    throw noThread;
                });
        bench.feed(bench.partition(0), TaskRecord.at(0));

        assertThat(failures).containsExactly(noThread);
        assertThat(bench.status().inFlight()).isZero();
    }

    @Test
    void emittedTasksAreHeldBackUntilTheAttemptSucceeds() {
        Bench bench = new Bench(LIMITS);
        bench.sink.hold();
        OwnedPartition partition = bench.partition(0);
        bench.feed(partition, TaskRecord.at(0).header("traceparent", "00-1-2-01"));
        bench.body.run(0).attempt().emit("next", "a", Map.of("n", 1));
        bench.loop.runAll();
        assertThat(bench.sink.open()).isEmpty();

        bench.succeed(0);
        assertThat(bench.sink.open()).hasSize(1);
        var emitted = bench.sink.open().get(0);
        assertThat(emitted.topic()).isEqualTo(TestSettings.TOPIC);
        assertThat(emitted.key()).isEqualTo(TaskRecord.bytes("a"));
        assertThat(Bench.text(emitted)).isEqualTo("{\"n\":1}");
        assertThat(Bench.header(emitted, "ce_type")).isEqualTo("next");
        assertThat(Bench.header(emitted, "traceparent")).isEqualTo("00-1-2-01");

        bench.loop.on(bench.sink::acknowledge);
        assertThat(Bench.committable(partition))
                .as("the result is not safe yet")
                .isEqualTo(-1);
        bench.loop.on(bench.sink::acknowledge);
        assertThat(Bench.committable(partition)).isEqualTo(1);
    }

    @Test
    void emittedTasksOfAFailedAttemptAreDropped() {
        Bench bench = new Bench(LIMITS);
        bench.feed(bench.partition(0), TaskRecord.at(0));
        bench.body.run(0).attempt().emit("next", null, "first try");
        bench.fail(0, new IllegalStateException());
        bench.advance(TestSettings.BACKOFF);
        bench.body.run(0).attempt().emit("next", null, "second try");
        bench.succeed(0);

        assertThat(bench.sink.written(TestSettings.TOPIC))
                .extracting(Bench::text)
                .containsExactly("\"second try\"");
    }

    @Test
    void aRepeatEmitsTheSameIds() {
        List<List<String>> ids = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Bench bench = bench(attempt -> {
                attempt.emit("next", "a", "one");
                attempt.emit("next", "a", "two");
                attempt.emit("next", "b", "one");
                attempt.emit("other", "a", "one");
                return Future.succeededFuture();
            });
            bench.feed(bench.partition(0), TaskRecord.at(0));
            ids.add(bench.sink.written(TestSettings.TOPIC).stream()
                    .map(record -> String.valueOf(Bench.header(record, "ce_id")))
                    .toList());
        }

        assertThat(ids.get(0)).hasSize(4).doesNotHaveDuplicates().isEqualTo(ids.get(1));
    }

    @Test
    void nothingCanBeEmittedOrCalledAfterTheEnd() {
        List<Throwable> failures = new ArrayList<>();
        Bench bench = new Bench(LIMITS);
        bench.feed(bench.partition(0), TaskRecord.at(0));
        Attempt attempt = bench.body.run(0).attempt();
        bench.succeed(0);

        assertThatThrownBy(() -> attempt.emit("next", null, "late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("over");
        attempt.blocking(() -> "late").onFailure(failures::add);
        assertThat(failures).hasSize(1).first().isInstanceOf(IllegalStateException.class);
        assertThat(bench.workers.queued()).isZero();
    }

    @Test
    void aPayloadThatCannotBeEmittedIsRefused() {
        Bench bench = new Bench(LIMITS);
        bench.feed(bench.partition(0), TaskRecord.at(0));

        assertThatThrownBy(() -> bench.body
                        .run(0)
                        .attempt()
                        .emit("next", null, new Unwritable(new IllegalStateException("no value"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be written as JSON");
    }

    @Test
    void aHundredThousandTasksThatCompleteAtOnceDoNotOverflowTheStack() {
        Bench bench = bench(attempt -> {
            attempt.bodyStarts();
            return Future.succeededFuture("done");
        });
        OwnedPartition partition = bench.partition(0);
        TaskRecord[] records = new TaskRecord[100_000];
        for (int i = 0; i < records.length; i++) {
            records[i] = TaskRecord.at(i).key("a");
        }

        bench.feed(partition, records);

        assertThat(Bench.committable(partition)).isEqualTo(100_000);
        assertThat(bench.loop.timers()).as("one timer a type").isLessThanOrEqualTo(1);
    }

    @Test
    void withLimitOneAHundredThousandTasksOfAKeyDoNotEither() {
        Bench bench =
                new Bench(new Limits(1, 1), TestSettings.type(1), attempt -> Future.succeededFuture(attempt.attempt()));
        OwnedPartition partition = bench.partition(0);
        TaskRecord[] records = new TaskRecord[100_000];
        for (int i = 0; i < records.length; i++) {
            records[i] = TaskRecord.at(i).key("a");
        }

        bench.feed(partition, records);

        assertThat(Bench.committable(partition)).isEqualTo(100_000);
    }
}
