package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.sluice.settings.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

/** Long waits: in the delay topics, or in the lane where the order of the key forbids that. */
class DelayTest {
    private final Bench bench = new Bench(new Limits(10, 10));
    private final OwnedPartition partition = bench.partition(0);
    private final Instant start = bench.loop.now();

    private List<ProducerRecord<byte[], byte[]>> tier(String length) {
        return bench.sink.written("tasks.delay." + length);
    }

    @Test
    void aLongWaitIsSpentInTheLongestDelayThatEndsInTime() {
        long offset = 0;
        for (int seconds : new int[] {10, 11, 59, 60, 599, 600, 3_599, 3_600, 21_599, 21_600, 100_000}) {
            bench.feed(partition, TaskRecord.at(offset++).notBefore(start.plusSeconds(seconds)));
        }

        assertThat(bench.status().backingOff())
                .as("ten seconds are no long wait")
                .isEqualTo(1);
        assertThat(tier("10s")).hasSize(2);
        assertThat(tier("1m")).hasSize(2);
        assertThat(tier("10m")).hasSize(2);
        assertThat(tier("1h")).hasSize(2);
        assertThat(tier("6h")).hasSize(2);
        assertThat(bench.status().moves()).isEqualTo(new MoveCounts(10, 0, 0, 0));
        assertThat(bench.body.started()).isEmpty();
    }

    @Test
    void aTaskIsSettledOnlyWhenItsCopyIsAcknowledged() {
        bench.sink.hold();
        bench.feed(partition, TaskRecord.at(0).notBefore(start.plusSeconds(60)));
        assertThat(Bench.committable(partition)).isEqualTo(-1);
        assertThat(bench.status().moves().delayed()).isZero();

        bench.loop.on(bench.sink::letGo);

        assertThat(Bench.committable(partition)).isEqualTo(1);
        assertThat(bench.status().moves().delayed()).isEqualTo(1);
    }

    @Test
    void aScheduledTaskRunsAtItsTimeAfterAsManyDelaysAsItTakes() {
        bench.feed(partition, TaskRecord.at(0).key("a").notBefore(start.plusSeconds(75)));

        bench.play(partition, Duration.ofSeconds(74));
        assertThat(bench.body.started()).isEmpty();
        bench.play(partition, Duration.ofSeconds(1));

        assertThat(bench.body.started()).containsExactly("tasks-0-0");
        assertThat(tier("1m")).hasSize(1);
        assertThat(tier("10s")).as("15 s are left after a minute").hasSize(1);
        bench.succeed(0);
        assertThat(Bench.header(bench.results().get(0), "ce_subject")).isEqualTo("tasks-0-0");
        assertThat(Bench.text(bench.results().get(0))).isEqualTo("\"done\"");
    }

    @Test
    void aCopyGoesOnWhereItsTripHasBroughtIt() {
        bench.feed(partition, TaskRecord.at(0).key("a").value("{\"n\":1}").header("mine", "kept"));
        bench.fail(0, new RetryLater(Duration.ofSeconds(30), "429"));
        ProducerRecord<byte[], byte[]> copy = tier("10s").get(0);
        assertThat(copy.partition()).isZero();
        assertThat(Bench.text(copy)).isEqualTo("{\"n\":1}");
        assertThat(Bench.header(copy, "mine")).isEqualTo("kept");
        assertThat(Bench.header(copy, "sluice-due")).isEqualTo("2026-01-01T00:00:30Z");
        assertThat(Bench.header(copy, "sluice-attempts")).isEqualTo("1");
        assertThat(Bench.header(copy, "sluice-first-start")).isEqualTo("2026-01-01T00:00:00Z");

        bench.play(partition, Duration.ofSeconds(31));
        assertThat(bench.body.run(0).attempt().attempt()).isEqualTo(2);
        bench.fail(0, new PermanentFailure("no"));

        ProducerRecord<byte[], byte[]> deadLetter = bench.deadLetters().get(0);
        assertThat(Bench.header(deadLetter, "sluice-origin-topic")).isEqualTo("tasks");
        assertThat(Bench.header(deadLetter, "sluice-origin-offset")).isEqualTo("0");
        assertThat(Bench.header(deadLetter, "sluice-attempts")).isEqualTo("2");
        assertThat(Bench.header(deadLetter, "sluice-first-failure")).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void whatCountsAgainstTheLimitTravelsWithTheCopy() {
        bench.feed(partition, TaskRecord.at(0));
        bench.fail(0, new IllegalStateException());
        bench.advance(TestSettings.BACKOFF);
        bench.fail(0, new RetryLater(Duration.ofSeconds(15), "429"));
        bench.play(partition, Duration.ofSeconds(16));
        bench.fail(0, new IllegalStateException());
        bench.advance(TestSettings.BACKOFF.multipliedBy(2));
        assertThat(bench.body.run(0).attempt().attempt()).isEqualTo(4);

        bench.fail(0, new IllegalStateException());

        assertThat(bench.reasons()).containsExactly("exhausted");
    }

    @Test
    void aTaskThatExpiresInADelayIsADeadLetterAtItsTurn() {
        TaskRecord late = TaskRecord.at(0)
                .topic("tasks.delay.10s")
                .header("sluice-due", start.minusSeconds(5).toString())
                .expiry(start.minusSeconds(1));

        bench.feed(partition, late);

        assertThat(bench.reasons()).containsExactly("expired");
    }

    @Test
    void aTaskThatIsDueWhenItHasExpiredIsADeadLetterAtOnce() {
        bench.feed(partition, TaskRecord.at(0).notBefore(start.plusSeconds(100)).expiry(start.plusSeconds(100)));

        assertThat(bench.reasons()).containsExactly("expired");
        assertThat(bench.sink.written()).hasSize(2);
    }

    @Test
    void aTaskTooLargeToBeMovedWaitsInMemory() {
        bench.sink.refuse(
                record -> record.topic().startsWith("tasks.delay") ? new RecordTooLargeException("too large") : null);
        bench.feed(partition, TaskRecord.at(0).notBefore(start.plusSeconds(100)));
        assertThat(bench.status().backingOff()).isEqualTo(1);

        bench.advance(Duration.ofSeconds(100));

        assertThat(bench.body.started()).containsExactly("tasks-0-0");
        assertThat(bench.sink.sends()).as("it is not tried again").isEqualTo(1);
        assertThat(bench.status().moves()).isEqualTo(new MoveCounts(0, 0, 0, 0));
    }

    @Test
    void anOrderedTaskKeepsItsLane() {
        Bench ordered = new Bench(new Limits(10, 1));
        OwnedPartition mine = ordered.partition(0);
        ordered.feed(
                mine,
                TaskRecord.at(0).key("a").notBefore(start.plusSeconds(100)),
                TaskRecord.at(1).key("a"));
        assertThat(ordered.sink.sends()).isZero();

        ordered.advance(Duration.ofSeconds(100));

        assertThat(ordered.body.started()).containsExactly("tasks-0-0");
    }

    @Test
    void withLimitOneATaskWithoutAKeyHasNoOrderToKeep() {
        Bench ordered = new Bench(new Limits(10, 1));
        ordered.feed(ordered.partition(0), TaskRecord.at(0).notBefore(start.plusSeconds(100)));

        assertThat(ordered.sink.written("tasks.delay.1m")).hasSize(1);
    }

    @Test
    void anUnreadableDueTimeIsADeadLetter() {
        bench.feed(
                partition,
                TaskRecord.at(0)
                        .topic("tasks.delay.10s")
                        .header("sluice-origin-topic", "tasks")
                        .header("sluice-origin-partition", "0")
                        .header("sluice-origin-offset", "7")
                        .header("sluice-due", "soon"));

        assertThat(bench.reasons()).containsExactly("undecodable");
    }

    @Test
    void aMoveThatIsUnderwayWhenItsPartitionGoesIsLeftToTheNextOwner() {
        bench.sink.hold();
        List<Task> tasks = bench.feed(partition, TaskRecord.at(0).notBefore(start.plusSeconds(60)));
        bench.lose(partition);

        bench.loop.on(bench.sink::letGo);

        assertThat(tasks.get(0).end()).isEqualTo(Task.End.DROPPED);
        assertThat(bench.status().moves().delayed()).isZero();
    }
}
