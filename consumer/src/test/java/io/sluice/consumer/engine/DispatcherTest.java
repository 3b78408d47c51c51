package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.sluice.settings.Answers;
import io.sluice.settings.Limits;
import io.sluice.settings.Results;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** A task's trip: accepted, started, and settled, tried again or given up. */
class DispatcherTest {
    private static final Limits LIMITS = new Limits(10, 10);

    private final Bench bench = new Bench(LIMITS);
    private final OwnedPartition partition = bench.partition(0);

    @Test
    void aTaskThatSucceedsOwesItsResultAndIsThenCommitted() {
        bench.sink.hold();
        bench.feed(partition, TaskRecord.at(0).key("a"));
        bench.succeed(0);
        assertThat(Bench.committable(partition)).isEqualTo(-1);

        bench.loop.on(bench.sink::letGo);

        assertThat(Bench.committable(partition)).isEqualTo(1);
        ProducerRecord<byte[], byte[]> result = bench.results().get(0);
        assertThat(Bench.header(result, "ce_type")).isEqualTo("work.succeeded");
        assertThat(Bench.header(result, "ce_subject")).isEqualTo("tasks-0-0");
        assertThat(Bench.text(result)).isEqualTo("\"done\"");
    }

    @Test
    void bodiesThatEndAtOnceLetOthersHaveTheLoopInBetween() {
        AtomicInteger started = new AtomicInteger();
        AtomicInteger startedBeforeOthers = new AtomicInteger();
        VirtualLoop[] loop = new VirtualLoop[1];
        Bench busy = new Bench(LIMITS, TestSettings.type(10), attempt -> {
            if (started.incrementAndGet() == 1) {
                loop[0].execute(() -> startedBeforeOthers.set(started.get()));
            }
            loop[0].advanceInside(Duration.ofMillis(6));
            return Future.succeededFuture();
        });
        loop[0] = busy.loop;

        busy.feed(
                busy.partition(0),
                IntStream.range(0, 9).mapToObj(TaskRecord::at).toArray(TaskRecord[]::new));

        assertThat(startedBeforeOthers).hasValue(2);
        assertThat(started).hasValue(9);
    }

    @Test
    void itRetriesWithBackoffAndThenGivesUpWithTheCause() {
        bench.feed(partition, TaskRecord.at(0));
        bench.fail(0, new IllegalStateException("first"));
        assertThat(bench.status().inFlight()).as("a wait holds no permit").isZero();
        assertThat(bench.status().backingOff()).isEqualTo(1);

        bench.advance(TestSettings.BACKOFF.minusMillis(1));
        assertThat(bench.body.started()).hasSize(1);
        bench.advance(Duration.ofMillis(1));
        assertThat(bench.body.started()).hasSize(2);
        bench.fail(0, new IllegalStateException("second"));
        bench.advance(TestSettings.BACKOFF.multipliedBy(2));
        bench.fail(0, new IllegalStateException("third\nand more", new Exception("root")));

        assertThat(bench.reasons()).containsExactly("exhausted");
        ProducerRecord<byte[], byte[]> deadLetter = bench.deadLetters().get(0);
        assertThat(Bench.header(deadLetter, "sluice-attempts")).isEqualTo("3");
        assertThat(Bench.header(deadLetter, "kafka_dlt-exception-message")).isEqualTo("third");
        assertThat(Bench.header(deadLetter, "sluice-first-failure")).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(Bench.header(deadLetter, "sluice-last-failure")).isEqualTo("2026-01-01T00:00:03Z");
        assertThat(Bench.committable(partition)).isEqualTo(1);
        assertThat(bench.status(TestSettings.TYPE).attempts().retries()).isEqualTo(2);
    }

    @Test
    void anExceptionThatCannotBePrintedIsADeadLetterAllTheSame() {
        bench.feed(partition, TaskRecord.at(0), TaskRecord.at(1));

        bench.fail(0, new PrintsForEver());
        bench.advance(TestSettings.BACKOFF);
        bench.fail(0, new PrintsForEver());
        bench.advance(TestSettings.BACKOFF.multipliedBy(2));
        bench.fail(0, new PrintsForEver());

        assertThat(bench.reasons()).containsExactly("exhausted");
        assertThat(Bench.committable(partition)).isEqualTo(1);
    }

    private static final class PrintsForEver extends RuntimeException {
        @Override
        @SuppressWarnings("InfiniteRecursion")
        public String getMessage() {
            return getMessage();
        }
    }

    @Test
    void aTaskThatFailsOwesItsDeadLetterBeforeItsResult() {
        bench.sink.hold();
        bench.feed(partition, TaskRecord.at(0));
        bench.fail(0, new PermanentFailure("no"));
        assertThat(bench.sink.open()).extracting(ProducerRecord::topic).containsExactly(TestSettings.DEAD_LETTERS);

        bench.loop.on(bench.sink::acknowledge);
        assertThat(Bench.committable(partition)).isEqualTo(-1);
        assertThat(bench.sink.open()).extracting(ProducerRecord::topic).containsExactly(TestSettings.RESULTS);

        bench.loop.on(bench.sink::acknowledge);
        assertThat(Bench.committable(partition)).isEqualTo(1);
        assertThat(Bench.header(bench.results().get(0), "ce_type")).isEqualTo("work.failed");
        assertThat(Bench.text(bench.results().get(0))).contains("\"reason\":\"permanent\"", "\"message\":\"no\"");
    }

    @Test
    void aTypeMaySayNothingOfItsSuccesses() {
        Bench quiet = new Bench(
                LIMITS,
                TestSettings.type(10, new Answers(Results.FAILURES, null)),
                attempt -> attempt.id().endsWith("0")
                        ? Future.succeededFuture()
                        : Future.failedFuture(new PermanentFailure("no")));
        OwnedPartition mine = quiet.partition(0);
        quiet.feed(mine, TaskRecord.at(0), TaskRecord.at(1));

        assertThat(quiet.results())
                .extracting(result -> Bench.header(result, "ce_subject"))
                .containsExactly("tasks-0-1");
        assertThat(Bench.committable(mine)).isEqualTo(2);
    }

    @Test
    void aTypeMaySayNothingAtAllButItsDeadLettersAreWritten() {
        Bench silent = new Bench(
                LIMITS,
                TestSettings.type(10, new Answers(Results.NONE, null)),
                attempt -> Future.failedFuture(new PermanentFailure("no")));
        silent.feed(silent.partition(0), TaskRecord.at(0));

        assertThat(silent.results()).isEmpty();
        assertThat(silent.deadLetters()).hasSize(1);
    }

    @Test
    void retryLaterCountsNoAttempt() {
        bench.feed(partition, TaskRecord.at(0));
        for (int i = 0; i < 10; i++) {
            bench.fail(0, new RetryLater(TestSettings.IN_MEMORY, "429"));
            bench.advance(TestSettings.IN_MEMORY);
        }

        assertThat(bench.body.run(0).attempt().attempt())
                .as("it was made all the same")
                .isEqualTo(11);
        assertThat(bench.body.started()).hasSize(11);
        assertThat(bench.reasons()).isEmpty();

        for (int i = 0; i < 3; i++) {
            bench.fail(0, new IllegalStateException());
            bench.advance(TestSettings.BACKOFF.multipliedBy(2));
        }

        assertThat(bench.reasons()).containsExactly("exhausted");
        assertThat(Bench.header(bench.deadLetters().get(0), "sluice-attempts")).isEqualTo("13");
    }

    @Test
    void whatAFutureWrapsIsWhatCounts() {
        bench.feed(partition, TaskRecord.at(0));

        bench.fail(0, new CompletionException(new ExecutionException(new PermanentFailure("inside"))));

        assertThat(bench.reasons()).containsExactly("permanent");
        ProducerRecord<byte[], byte[]> deadLetter = bench.deadLetters().get(0);
        assertThat(Bench.header(deadLetter, "kafka_dlt-exception-message")).isEqualTo("inside");
        assertThat(Bench.header(deadLetter, "kafka_dlt-exception-fqcn")).isEqualTo(PermanentFailure.class.getName());
    }

    @Test
    void aWrapperAroundNothingIsAFailureOfItsOwn() {
        bench.feed(partition, TaskRecord.at(0));

        bench.fail(0, new CompletionException("alone", null));

        assertThat(bench.status().backingOff()).isEqualTo(1);
    }

    @Test
    void aSuccessCountsWhenItIsSettledAndNotBefore() {
        bench.sink.hold();
        bench.feed(partition, TaskRecord.at(0));
        bench.succeed(0);
        assertThat(bench.status(TestSettings.TYPE).succeeded()).isZero();

        bench.loop.on(bench.sink::letGo);

        assertThat(bench.status(TestSettings.TYPE).succeeded()).isEqualTo(1);
    }

    @Test
    void aTaskWhoseFollowUpIsTooLargeIsADeadLetterAndNoneOfItsSiblingsIsWritten() {
        bench.sink.refuse(record -> record.topic().equals(TestSettings.TOPIC) && record.value().length > 1_000
                ? new RecordTooLargeException("too large")
                : null);
        bench.feed(partition, TaskRecord.at(0));
        Attempt attempt = bench.body.run(0).attempt();
        attempt.emit("work", null, "small");
        attempt.emit("work", null, "x".repeat(2_000));
        attempt.emit("work", null, "also small");

        bench.succeed(0);

        assertThat(bench.reasons()).containsExactly("result");
        assertThat(bench.sink.written(TestSettings.TOPIC)).isEmpty();
        assertThat(bench.status(TestSettings.TYPE).succeeded()).isZero();
        assertThat(Bench.committable(partition)).isEqualTo(1);
    }

    @Test
    void ofSeveralFollowUpsTheLargestIsWrittenFirstAndTheResultLast() {
        bench.feed(partition, TaskRecord.at(0));
        Attempt attempt = bench.body.run(0).attempt();
        attempt.emit("work", null, "a");
        attempt.emit("work", null, "the largest");
        attempt.emit("work", null, "b");
        bench.sink.hold();
        bench.succeed(0);
        assertThat(bench.sink.open()).extracting(Bench::text).containsExactly("\"the largest\"");

        bench.loop.on(bench.sink::acknowledge);
        assertThat(bench.sink.open()).extracting(Bench::text).containsExactly("\"a\"", "\"b\"");
        bench.loop.on(bench.sink::acknowledge);
        assertThat(bench.sink.open()).hasSize(1);
        bench.loop.on(bench.sink::acknowledge);
        assertThat(bench.sink.open()).extracting(Bench::text).containsExactly("\"done\"");
        bench.loop.on(bench.sink::acknowledge);

        assertThat(Bench.committable(partition)).isEqualTo(1);
    }

    @Test
    void aWaitThatWouldOutlastTheTaskIsNotBegun() {
        bench.feed(partition, TaskRecord.at(0).expiry(bench.loop.now().plus(TestSettings.BACKOFF)));

        bench.fail(0, new IllegalStateException("the last word"));

        assertThat(bench.reasons()).containsExactly("expired");
        ProducerRecord<byte[], byte[]> deadLetter = bench.deadLetters().get(0);
        assertThat(Bench.header(deadLetter, "sluice-attempts")).isEqualTo("1");
        assertThat(Bench.header(deadLetter, "kafka_dlt-exception-message")).contains("2026-01-01T00:00:01Z");
        assertThat(Bench.header(deadLetter, "kafka_dlt-exception-cause-fqcn"))
                .isEqualTo(IllegalStateException.class.getName());
    }

    @Test
    void aTaskThatExpiresInItsLaneIsADeadLetterAtItsTurn() {
        Bench one = new Bench(new Limits(1, 1));
        OwnedPartition mine = one.partition(0);
        one.feed(mine, TaskRecord.at(0), TaskRecord.at(1).expiry(one.loop.now().plusSeconds(2)));
        one.advance(Duration.ofSeconds(3));
        assertThat(one.reasons()).isEmpty();

        one.succeed(0);

        assertThat(one.reasons()).containsExactly("expired");
        assertThat(Bench.committable(mine)).isEqualTo(2);
    }

    @Test
    void anOrderedTaskMayNotHoldItsLaneForLongerThanTheSettingsSay() {
        Bench ordered = new Bench(new Limits(10, 1));
        Instant due = ordered.loop.now().plus(TestSettings.ORDERED_WAIT_MAX).plusSeconds(1);
        ordered.feed(
                ordered.partition(0),
                TaskRecord.at(0).key("a").notBefore(due),
                TaskRecord.at(1).key("a"));

        assertThat(ordered.reasons()).containsExactly("ordered-wait");
        assertThat(ordered.body.started()).containsExactly("tasks-0-1");
    }

    @Test
    void anOrderedTaskThatIsDueInTimeHoldsItsLaneUntilThen() {
        Bench ordered = new Bench(new Limits(10, 1));
        Instant due = ordered.loop.now().plus(TestSettings.ORDERED_WAIT_MAX);
        ordered.feed(
                ordered.partition(0),
                TaskRecord.at(0).key("a").notBefore(due),
                TaskRecord.at(1).key("a"));
        ordered.advance(TestSettings.ORDERED_WAIT_MAX.minusMillis(1));
        assertThat(ordered.body.started()).isEmpty();

        ordered.advance(Duration.ofMillis(1));

        assertThat(ordered.body.started()).containsExactly("tasks-0-0");
    }

    @Test
    void withLimitOneARetryKeepsItsPlace() {
        Bench ordered = new Bench(new Limits(10, 1));
        ordered.feed(
                ordered.partition(0),
                TaskRecord.at(0).key("a"),
                TaskRecord.at(1).key("a"),
                TaskRecord.at(2).key("b"));
        ordered.fail(0, new IllegalStateException());

        assertThat(ordered.body.started()).containsExactly("tasks-0-0", "tasks-0-2");
        ordered.advance(TestSettings.BACKOFF);
        assertThat(ordered.body.started()).containsExactly("tasks-0-0", "tasks-0-2", "tasks-0-0");

        ordered.sink.hold();
        ordered.succeed(0);
        assertThat(ordered.body.started()).as("it is not settled yet").doesNotContain("tasks-0-1");
        ordered.loop.on(ordered.sink::letGo);
        assertThat(ordered.body.started()).endsWith("tasks-0-1");
    }

    @Test
    void withLimitOneADeadLetterFreesTheNext() {
        Bench ordered = new Bench(new Limits(10, 1));
        ordered.feed(
                ordered.partition(0),
                TaskRecord.at(0).key("a"),
                TaskRecord.at(1).key("a"));

        ordered.fail(0, new PermanentFailure("no"));

        assertThat(ordered.body.started()).containsExactly("tasks-0-0", "tasks-0-1");
    }

    @Test
    void anExpiredTaskIsADeadLetterBeforeAnyAttempt() {
        bench.feed(partition, TaskRecord.at(0).expiry(bench.loop.now()));

        assertThat(bench.body.started()).isEmpty();
        assertThat(bench.reasons()).containsExactly("expired");
        assertThat(Bench.header(bench.deadLetters().get(0), "sluice-attempts")).isEqualTo("0");
        assertThat(bench.status().inFlight()).isZero();
    }

    @Test
    void aTaskThatExpiresWhileItBacksOffIsNotTriedAgain() {
        bench.feed(partition, TaskRecord.at(0).expiry(bench.loop.now().plusMillis(500)));
        bench.fail(0, new IllegalStateException());
        bench.advance(TestSettings.BACKOFF);

        assertThat(bench.body.started()).hasSize(1);
        assertThat(bench.reasons()).containsExactly("expired");
    }

    @Test
    void aTaskThatIsNotDueWaitsWithoutAPermit() {
        Bench small = new Bench(new Limits(1, 1));
        small.feed(
                small.partition(0),
                TaskRecord.at(0).notBefore(small.loop.now().plus(TestSettings.IN_MEMORY)),
                TaskRecord.at(1));
        assertThat(small.body.started()).containsExactly("tasks-0-1");
        assertThat(small.status().backingOff()).isEqualTo(1);
        small.succeed(1);

        small.advance(TestSettings.IN_MEMORY);

        assertThat(small.body.started()).containsExactly("tasks-0-1", "tasks-0-0");
        assertThat(small.body.run(0).attempt().attempt()).isEqualTo(1);
    }

    @Test
    void aCopyThatSaysItStartsInTheFutureIsGivenUpAllTheSame() {
        OwnedPartition partition = bench.partition(0);
        bench.feed(
                partition,
                TaskRecord.at(0)
                        .type("nobody-knows")
                        .header("sluice-origin-topic", "tasks")
                        .header("sluice-origin-partition", "0")
                        .header("sluice-origin-offset", "7")
                        .header("sluice-first-start", "9999-01-01T00:00:00Z"));

        bench.play(partition, Duration.ofHours(1));

        assertThat(bench.reasons()).containsExactly("unknown-type");
    }

    @Test
    void aTaskOfAnUnknownTypeWaitsForADeployAndIsThenADeadLetter() {
        bench.feed(partition, TaskRecord.at(0).type("novel"), TaskRecord.at(1));
        bench.succeed(1);
        bench.play(partition, TestSettings.UNKNOWN_TYPE_WAIT.minusSeconds(1));
        assertThat(bench.reasons()).isEmpty();

        bench.play(partition, Duration.ofSeconds(3));

        assertThat(bench.reasons()).containsExactly("unknown-type");
        assertThat(Bench.header(bench.deadLetters().get(0), "kafka_dlt-exception-message"))
                .contains("novel");
        assertThat(Bench.committable(partition)).isEqualTo(2);
    }

    @Test
    void whatCannotBeDecodedIsADeadLetterByteForByteAndTheRestGoesOn() {
        TaskRecord bad = TaskRecord.at(0)
                .key("a")
                .value("\u0000not json")
                .header("content-type", "application/cloudevents+json");
        bench.feed(partition, bad, TaskRecord.at(1));
        bench.succeed(1);

        assertThat(bench.reasons()).containsExactly("undecodable");
        ProducerRecord<byte[], byte[]> deadLetter = bench.deadLetters().get(0);
        assertThat(deadLetter.key()).isEqualTo(TaskRecord.bytes("a"));
        assertThat(deadLetter.value()).isEqualTo(TaskRecord.bytes("\u0000not json"));
        assertThat(Bench.header(deadLetter, "content-type")).isEqualTo("application/cloudevents+json");
        assertThat(Bench.committable(partition)).isEqualTo(2);
    }

    @Test
    void aBatchOfLargeRecordsLetsOthersHaveTheirTurn() {
        TaskRecord[] large = new TaskRecord[10];
        for (int i = 0; i < large.length; i++) {
            large[i] =
                    TaskRecord.at(i).value("x".repeat(300_000)).header("content-type", "application/cloudevents+json");
        }
        bench.sink.refuse(record -> {
            bench.loop.advanceInside(Duration.ofMillis(6));
            return null;
        });
        bench.handOver(partition, large);
        AtomicInteger before = new AtomicInteger();
        bench.loop.execute(() -> before.set(bench.deadLetters().size()));

        bench.loop.runAll();

        assertThat(bench.deadLetters()).hasSize(10);
        assertThat(before.get()).as("written before another had its turn").isBetween(1, 5);
    }

    @Test
    void anUnreadableDueTimeIsUndecodable() {
        bench.feed(partition, TaskRecord.at(0).header("ce_notbefore", "tomorrow"));

        assertThat(bench.reasons()).containsExactly("undecodable");
    }

    @Test
    void nothingStartsWhileTooMuchIsSettlingAndThenItGoesOn() {
        Bench stalled = new Bench(
                new Limits(100_000, 1), TestSettings.type(100_000), attempt -> Future.succeededFuture("done"));
        stalled.sink.hold();
        OwnedPartition mine = stalled.partition(0);
        TaskRecord[] records = new TaskRecord[10_010];
        for (int i = 0; i < records.length; i++) {
            records[i] = TaskRecord.at(i);
        }

        stalled.feed(mine, records);
        assertThat(stalled.dispatcher.settling()).isEqualTo(10_000);
        assertThat(stalled.status().waiting()).isEqualTo(10);

        stalled.loop.on(stalled.sink::acknowledge);
        assertThat(stalled.status().waiting()).isEqualTo(9);

        stalled.loop.on(stalled.sink::letGo);
        assertThat(Bench.committable(mine)).isEqualTo(10_010);
    }

    @Test
    void aBrokerThatIsAwayForAMinuteLosesNothing() {
        bench.sink.refuse(record -> new TimeoutException("the broker is away"));
        bench.feed(partition, TaskRecord.at(0), TaskRecord.at(1));
        bench.succeed(0);
        bench.fail(1, new PermanentFailure("no"));
        bench.advance(Duration.ofMinutes(1));
        assertThat(Bench.committable(partition)).isEqualTo(-1);

        bench.sink.refuseNothing();
        bench.advance(Duration.ofSeconds(20));

        assertThat(bench.results()).hasSize(2);
        assertThat(bench.reasons()).containsExactly("permanent");
        assertThat(Bench.committable(partition)).isEqualTo(2);
    }

    @Test
    void itCountsWhatItDoes() {
        Bench counting = new Bench(LIMITS);
        counting.feed(counting.partition(0), TaskRecord.at(0), TaskRecord.at(1), TaskRecord.at(2));
        counting.advance(Duration.ofSeconds(1));
        counting.succeed(0);
        counting.fail(1, new PermanentFailure("no"));

        TypeStatus status = counting.status(TestSettings.TYPE);

        assertThat(status.inFlight()).isEqualTo(1);
        assertThat(status.succeeded()).isEqualTo(1);
        assertThat(status.deadLetters()).containsExactly(Map.entry("permanent", 1L));
        assertThat(status.attempts())
                .isEqualTo(new TypeStatus.Attempts(
                        3, 0, 0, Duration.ofSeconds(2).toNanos(), new TypeStatus.Outcomes(1, 1, 0, 0)));
        assertThat(status.settled()).isEqualTo(2);
    }

    @Test
    void aTaskThatIsDueAtTheEndOfTimeHoldsUpNobody() {
        bench.feed(partition, TaskRecord.at(0).header("ce_notbefore", "9999-12-31T23:59:59Z"));
        List<Task> others = bench.feed(partition, TaskRecord.at(1));
        bench.succeed(1);

        assertThat(others.get(0).end()).isEqualTo(Task.End.SETTLED);
        assertThat(bench.sink.written("tasks.delay.6h")).hasSize(1);
        assertThat(Bench.committable(partition)).isEqualTo(2);
    }
}
