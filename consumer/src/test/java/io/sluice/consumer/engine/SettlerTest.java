package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.record.DeadLetter;
import io.sluice.record.Envelope;
import io.sluice.settings.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class SettlerTest {
    private final VirtualLoop loop = new VirtualLoop();
    private final FakeSink sink = new FakeSink();
    private final List<Task> left = new ArrayList<>();
    private final List<Task> tooLarge = new ArrayList<>();
    private final int[] afterwards = {0};
    private final Settler settler =
            new Settler(sink, loop, 2, left::add, (task, failure) -> tooLarge.add(task), () -> afterwards[0]++);
    private final OwnedPartition partition = new OwnedPartition(0, 12);

    private Task task(long offset) {
        Task task = new Task(TaskRecord.at(offset).build(), partition);
        task.accept(new Envelope("t" + offset, "work", null, null, null), LanesTest.type("work", 1));
        return task;
    }

    private static ProducerRecord<byte[], byte[]> record(String topic) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, TaskRecord.bytes("value"));
        record.headers().add("ce_subject", TaskRecord.bytes("the task"));
        return record;
    }

    private static List<String> topics(List<ProducerRecord<byte[], byte[]>> records) {
        return records.stream().map(ProducerRecord::topic).toList();
    }

    @Test
    void aTaskThatOwesNothingIsSettledAtOnce() {
        Task task = task(0);

        loop.on(() -> assertThat(settler.settle(task, List.of())).isTrue());

        assertThat(task.end()).isEqualTo(Task.End.SETTLED);
        assertThat(left).as("whoever settles it knows that it has left").isEmpty();
        assertThat(settler.pending()).isZero();
    }

    @Test
    void aTaskIsSettledWhenEveryRecordIsAcknowledgedInOrder() {
        sink.hold();
        Task task = task(0);
        loop.on(() -> assertThat(settler.settle(task, List.of(record("dlq"), record("results"))))
                .isFalse());
        assertThat(topics(sink.open())).as("the second waits for the first").containsExactly("dlq");

        loop.on(sink::acknowledge);
        assertThat(task.end()).isEqualTo(Task.End.OPEN);
        assertThat(topics(sink.open())).containsExactly("results");

        loop.on(sink::acknowledge);
        assertThat(task.end()).isEqualTo(Task.End.SETTLED);
        assertThat(left).containsExactly(task);
    }

    @Test
    void aRefusedWriteIsTriedAgainWithBackoffAndNeverSettlesMeanwhile() {
        sink.refuse(record -> new TimeoutException("the broker is away"));
        Task task = task(0);
        loop.on(() -> settler.settle(task, List.of(record("results"))));

        loop.advance(Duration.ofMinutes(10));
        assertThat(task.end()).isEqualTo(Task.End.OPEN);
        assertThat(settler.pending()).isEqualTo(1);
        assertThat(sink.sends()).as("0.1 + 0.2 + … + 10 + 10 s …").isBetween(60, 70);

        sink.refuseNothing();
        loop.advance(Duration.ofSeconds(10));
        assertThat(task.end()).isEqualTo(Task.End.SETTLED);
        assertThat(topics(sink.written())).containsExactly("results");
    }

    @Test
    void aRefusedSecondRecordDoesNotWriteTheFirstAgain() {
        Task task = task(0);
        sink.refuse(record -> record.topic().equals("results") ? new TimeoutException("away") : null);
        loop.on(() -> settler.settle(task, List.of(record("dlq"), record("results"))));
        loop.advance(Duration.ofSeconds(5));
        sink.refuseNothing();
        loop.advance(Duration.ofSeconds(10));

        assertThat(topics(sink.written())).containsExactly("dlq", "results");
        assertThat(task.end()).isEqualTo(Task.End.SETTLED);
    }

    @Test
    void aDeadLetterThatIsTooLargeLosesItsStackTraceFirst() {
        Task task = task(0);
        sink.refuse(record -> record.headers().lastHeader(DeadLetter.STACK_TRACE) == null
                ? null
                : new RecordTooLargeException("too large"));

        loop.on(() -> settler.settle(task, List.of(deadLetter(task))));

        assertThat(task.end()).isEqualTo(Task.End.SETTLED);
        assertThat(sink.written()).hasSize(1);
        assertThat(sink.written().get(0).value()).isEqualTo(task.record.value());
    }

    @Test
    void aRecordThatIsStillTooLargeBecomesAReference() {
        Task task = task(5);
        sink.refuse(record -> Bench.text(record).contains("sha256") ? null : new RecordTooLargeException("too large"));

        loop.on(() -> settler.settle(task, List.of(deadLetter(task))));

        assertThat(task.end()).isEqualTo(Task.End.SETTLED);
        assertThat(sink.sends()).isEqualTo(3);
        assertThat(Bench.text(sink.written().get(0))).contains("\"topic\":\"tasks\"", "\"offset\":5");
        assertThat(Bench.header(sink.written().get(0), "sluice-reason")).isEqualTo("exhausted");
    }

    @Test
    void onlyTheRecordThatIsTooLargeIsMadeSmaller() {
        Task task = task(0);
        sink.refuse(record -> record.topic().equals("big") && Bench.text(record).equals("value")
                ? new RecordTooLargeException("too large")
                : null);

        loop.on(() -> settler.settle(task, List.of(record("big"), record("results"))));

        assertThat(sink.written()).hasSize(2);
        assertThat(Bench.text(sink.written().get(1))).isEqualTo("value");
    }

    @Test
    void aFollowUpTaskThatIsTooLargeIsNeitherCutNorTriedForEver() {
        Task task = task(0);
        ProducerRecord<byte[], byte[]> followUp = new ProducerRecord<>("tasks", TaskRecord.bytes("a large task"));
        sink.refuse(record -> record.equals(followUp) ? new RecordTooLargeException("too large") : null);

        loop.on(() -> settler.settle(task, List.of(followUp, record("results"))));

        assertThat(tooLarge).containsExactly(task);
        assertThat(task.end()).as("it owes a dead letter instead").isEqualTo(Task.End.OPEN);
        assertThat(sink.written()).isEmpty();
        assertThat(sink.sends()).isEqualTo(1);
        assertThat(settler.pending()).isZero();
    }

    @Test
    void aRefusedWriteOfAPartitionThatIsGoneIsGivenUp() {
        sink.hold();
        sink.refuse(record -> new TimeoutException("away"));
        Task task = task(0);
        loop.on(() -> settler.settle(task, List.of(record("results"))));
        partition.giveUp();

        loop.on(sink::acknowledge);
        loop.advance(Duration.ofMinutes(1));

        assertThat(task.end()).isEqualTo(Task.End.DROPPED);
        assertThat(left).containsExactly(task);
        assertThat(settler.pending()).isZero();
        assertThat(sink.sends()).isEqualTo(1);
    }

    @Test
    void aRetryThatIsDueAfterThePartitionIsGoneIsNotMade() {
        sink.refuse(record -> new TimeoutException("away"));
        Task task = task(0);
        loop.on(() -> settler.settle(task, List.of(record("results"))));
        partition.giveUp();
        sink.refuseNothing();

        loop.advance(Duration.ofMinutes(1));

        assertThat(sink.written()).as("its next owner owes this record").isEmpty();
        assertThat(task.end()).isEqualTo(Task.End.DROPPED);
        assertThat(settler.pending()).isZero();
    }

    @Test
    void aTaskWhosePartitionGoesBetweenItsRecordsIsNotSettled() {
        sink.hold();
        Task task = task(0);
        loop.on(() -> settler.settle(task, List.of(record("dlq"), record("results"))));
        partition.giveUp();

        loop.on(sink::letGo);

        assertThat(task.end()).isEqualTo(Task.End.DROPPED);
        assertThat(topics(sink.written())).containsExactly("dlq");
        assertThat(left).containsExactly(task);
    }

    @Test
    void aPartitionThatIsRevokedButNotGoneIsStillSettled() {
        sink.hold();
        Task task = task(0);
        loop.on(() -> settler.settle(task, List.of(record("results"))));
        partition.revoke();

        loop.on(sink::letGo);

        assertThat(task.end()).isEqualTo(Task.End.SETTLED);
    }

    @Test
    void itHasRoomForSoManyTasksAndSaysWhenThereIsRoomAgain() {
        sink.hold();
        loop.on(() -> settler.settle(task(0), List.of(record("results"))));
        assertThat(settler.hasRoom()).isTrue();
        loop.on(() -> settler.settle(task(1), List.of(record("results"))));
        assertThat(settler.hasRoom()).isFalse();
        assertThat(afterwards[0]).isZero();

        loop.on(sink::acknowledge);

        assertThat(settler.hasRoom()).isTrue();
        assertThat(afterwards[0]).isEqualTo(1);
    }

    private static ProducerRecord<byte[], byte[]> deadLetter(Task task) {
        return new Owed(TopicNames.of("tasks"), "workers")
                .byFailure(task, "exhausted", new IllegalStateException("no"), Instant.EPOCH)
                .get(0);
    }

    @Test
    void largeRecordsFillItLongBeforeItsCapacityDoes() {
        sink.hold();
        Settler roomy = new Settler(sink, loop, 1_000, left::add, (task, failure) -> {}, () -> {});

        loop.on(() -> roomy.settle(task(0), List.of(new ProducerRecord<>("results", new byte[(64 << 20) - 1_000]))));
        assertThat(roomy.hasRoom()).isTrue();
        loop.on(() -> roomy.settle(task(1), List.of(new ProducerRecord<>("results", new byte[1_000]))));
        assertThat(roomy.hasRoom()).isFalse();

        loop.on(sink::acknowledge);
        assertThat(roomy.hasRoom()).isTrue();
    }
}
