package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.sluice.record.TraceContext;
import io.sluice.settings.Limits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What surrounds an attempt hears of its end once, and its trace context is that of all that comes of the attempt. */
class SurroundingsTest {
    private static final TraceContext CAME = new TraceContext("00-1-0-01", "came=1");

    /** No JSON can be made of it. */
    private static final class Unwritable {
        @JsonProperty
        String text() {
            return List.<String>of().get(0);
        }
    }

    private final List<String> told = new ArrayList<>();
    private final List<String> threads = new ArrayList<>();

    /** The call that throws; empty for none. */
    private String failing = "";

    private final Bench bench = new Bench(new Limits(10, 10), this::types);
    private final OwnedPartition partition = bench.partition(0);

    private List<TaskType> types(Bench bench) {
        var settings = TestSettings.type(10);
        return List.of(new TaskType(
                TestSettings.TYPE,
                settings,
                RetryPolicy.exponential(settings.retry(), new Random(1)),
                bench.body,
                bench.workers,
                this::around));
    }

    private Surroundings.Around around(Attempt attempt) {
        fail("of");
        String name = attempt.record().offset() + "/" + attempt.attempt();
        return new Surroundings.Around() {
            @Override
            public Runnable enter() {
                fail("enter");
                threads.add("in " + name);
                return () -> {
                    fail("leave");
                    threads.add("out " + name);
                };
            }

            @Override
            public TraceContext trace() {
                fail("trace");
                return new TraceContext("own-" + name, null);
            }

            @Override
            public void ended(Surroundings.Outcome outcome, @Nullable Throwable failure) {
                fail("ended");
                told.add(name + " " + outcome
                        + (failure == null ? "" : " " + failure.getClass().getSimpleName()));
            }
        };
    }

    private void fail(String call) {
        if (call.equals(failing)) {
            throw new LinkageError("an adapter that does not fit");
        }
    }

    private void feed(long offset) {
        bench.feed(
                partition,
                TaskRecord.at(offset).header("traceparent", CAME.parent()).header("tracestate", "came=1"));
    }

    private static @Nullable TraceContext trace(ProducerRecord<byte[], byte[]> record) {
        return TraceContext.of(record.headers());
    }

    @Test
    void everyAttemptIsToldOfOnce() {
        feed(0);
        bench.fail(0, new IllegalStateException());
        bench.advance(TestSettings.BACKOFF);
        bench.succeed(0);
        feed(1);
        bench.advance(TestSettings.TIMEOUT);
        bench.fail(1, new CancellationException());
        bench.advance(TestSettings.BACKOFF);
        bench.advance(TestSettings.TIMEOUT.plus(TestSettings.STOP_GRACE));
        bench.succeed(1);
        feed(2);
        bench.loop.on(() -> bench.body.run(2).succeed(new Unwritable()));

        assertThat(told)
                .containsExactly(
                        "0/1 FAILED IllegalStateException",
                        "0/2 SUCCEEDED",
                        "1/1 TIMED_OUT AttemptTimedOut",
                        "1/2 STUCK AttemptTimedOut",
                        "2/1 FAILED Misfit");
    }

    @Test
    void anAttemptWhoseTaskGoesToAnotherOwnerIsCancelled() {
        feed(0);
        bench.lose(partition);
        bench.fail(0, new CancellationException());

        assertThat(told).containsExactly("0/1 CANCELLED");
    }

    @Test
    void resultsAndFollowUpTasksContinueTheAttempt() {
        feed(0);
        bench.fail(0, new IllegalStateException());
        bench.advance(TestSettings.BACKOFF);
        Attempt second = bench.body.run(0).attempt();
        second.emit("next", null, 1);
        assertThat(second.traceHeaders()).isEqualTo(Map.of("traceparent", "own-0/2"));
        bench.succeed(0);
        feed(1);
        bench.fail(1, new PermanentFailure("no"));

        assertThat(bench.sink.written(TestSettings.TOPIC))
                .extracting(SurroundingsTest::trace)
                .containsExactly(new TraceContext("own-0/2", null));
        assertThat(bench.results())
                .extracting(SurroundingsTest::trace)
                .containsExactly(new TraceContext("own-0/2", null), new TraceContext("own-1/1", null));
    }

    @Test
    void aCopyKeepsTheContextThatItsOriginalCameWith() {
        feed(0);
        bench.fail(0, new RetryLater(Duration.ofSeconds(30), "429"));
        feed(1);
        bench.fail(1, new PermanentFailure("no"));

        assertThat(bench.sink.written("tasks.delay.10s"))
                .extracting(SurroundingsTest::trace)
                .containsExactly(CAME);
        assertThat(bench.deadLetters()).extracting(SurroundingsTest::trace).containsExactly(CAME);
    }

    @Test
    void withoutATraceOfTheAttemptsOwnTheRecordsGoesOn() {
        Bench plain = new Bench(new Limits(1, 1));
        plain.feed(
                plain.partition(0),
                TaskRecord.at(0).header("traceparent", CAME.parent()).header("tracestate", "came=1"));
        Attempt attempt = plain.body.run(0).attempt();
        attempt.emit("next", null, 1);
        assertThat(attempt.traceHeaders()).isEqualTo(CAME.toHeaders());
        plain.succeed(0);

        assertThat(plain.sink.written(TestSettings.TOPIC))
                .extracting(SurroundingsTest::trace)
                .containsExactly(CAME);
        assertThat(plain.results()).extracting(SurroundingsTest::trace).containsExactly(CAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"of", "enter", "leave", "trace", "ended"})
    void whateverOfItThrowsTheAttemptRunsAndItsTaskAndPermitComeBack(String call) {
        failing = call;
        feed(0);
        feed(1);
        Attempt first = bench.body.run(0).attempt();
        Future<Object> blocking = first.blocking(() -> "called");
        bench.workers.runNext();
        bench.loop.runAll();
        assertThat(first.traceHeaders()).containsKey("traceparent");
        bench.succeed(0);
        bench.fail(1, new PermanentFailure("no"));

        assertThat(blocking.result()).isEqualTo("called");
        assertThat(bench.status().inFlight()).isZero();
        assertThat(bench.status().settling()).isZero();
        assertThat(bench.results()).hasSize(2);
        assertThat(bench.deadLetters()).hasSize(1);
    }

    @Test
    void aBodyAndItsCallsAreEnteredAndLeft() {
        feed(0);
        assertThat(threads).containsExactly("in 0/1", "out 0/1");
        Future<Object> call = bench.body.run(0).attempt().blocking(() -> {
            threads.add("call");
            throw new IllegalStateException();
        });
        bench.workers.runNext();
        bench.loop.runAll();

        assertThat(call.failed()).isTrue();
        assertThat(threads).containsExactly("in 0/1", "out 0/1", "in 0/1", "call", "out 0/1");
    }
}
