package io.sluice.record;

import static io.sluice.record.Records.consumed;
import static io.sluice.record.Records.header;
import static io.sluice.record.Records.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class CopyTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant FIRST = Instant.parse("2026-11-22T10:00:01.5Z");
    private static final Instant LAST = Instant.parse("2026-11-22T10:05:00.000000001Z");
    private static final Instant DUE = Instant.parse("2026-11-22T11:00:00Z");
    private static final Tries TRIES = new Tries(4, 3, START, FIRST, LAST);
    private static final String DELAY = "tasks.delay.1h";

    private static ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> record, Trip trip)
            throws Undecodable {
        return Copy.of(DELAY, 2, record, Envelope.read(record, "fetch").id(record), trip);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Undecodable {
        ConsumerRecord<byte[], byte[]> task = consumed("{}");

        Envelope copy =
                Envelope.read(written(copy(task, Trip.NONE.after(TRIES, DUE).asStray())), "fetch");

        assertThat(copy.ownId()).isEqualTo("tasks-2-7");
        assertThat(copy.due()).isEqualTo(DUE);
        assertThat(copy.trip())
                .isEqualTo(new Trip(new Origin("tasks", 2, 7, Records.TIMESTAMP), TRIES, DUE, 0, 1, true));
    }

    @Test
    void itGoesToThePartitionThatIsGivenWithATimeOfItsOwn() throws Undecodable {
        ProducerRecord<byte[], byte[]> copy = copy(consumed("{}"), Trip.NONE);

        assertThat(copy.topic()).isEqualTo(DELAY);
        assertThat(copy.partition()).isEqualTo(2);
        assertThat(copy.timestamp()).isNull();
    }

    @Test
    void theOriginalIsUntouched() throws Undecodable {
        ConsumerRecord<byte[], byte[]> task =
                consumed("\u0000 no JSON \uFFFF", "x-a", "1", "x-a", "2", "ce_id", "t-1", "kafka_dlt-x", "y");
        List<Header> before = Arrays.asList(task.headers().toArray());

        ProducerRecord<byte[], byte[]> copy = copy(task, Trip.NONE.after(TRIES, DUE));

        assertThat(copy.key()).isEqualTo(task.key());
        assertThat(copy.value()).isEqualTo(task.value());
        assertThat(Arrays.asList(copy.headers().toArray()).subList(0, before.size()))
                .isEqualTo(before);
        assertThat(task.headers().toArray()).containsExactlyElementsOf(before);
    }

    @Test
    void aRecordWithoutKeyAndValueStaysWithout() throws Undecodable {
        ProducerRecord<byte[], byte[]> copy = copy(written(new ProducerRecord<>("tasks", null)), Trip.NONE);

        assertThat(copy.key()).isNull();
        assertThat(copy.value()).isNull();
    }

    @Test
    void aCopyOfACopyKeepsTheFirstOriginAndSaysNothingTwice() throws Undecodable {
        ConsumerRecord<byte[], byte[]> first =
                written(copy(consumed("{}", "ce_id", "t-1"), Trip.NONE.after(TRIES, DUE)));
        Envelope read = Envelope.read(first, "fetch");

        ProducerRecord<byte[], byte[]> second =
                Copy.of("tasks.overflow", 2, first, read.id(first), read.trip().after(TRIES, null));

        assertThat(Arrays.stream(second.headers().toArray()).map(Header::key)).doesNotHaveDuplicates();
        Envelope again = Envelope.read(written(second), "fetch");
        assertThat(again.ownId()).isEqualTo("t-1");
        assertThat(again.due()).isNull();
        assertThat(again.trip())
                .isEqualTo(new Trip(new Origin("tasks", 2, 7, Records.TIMESTAMP), TRIES, null, 0, 2, false));
    }

    @Test
    void whatHasNothingToSayIsLeftOut() throws Undecodable {
        ProducerRecord<byte[], byte[]> copy = copy(consumed("{}"), Trip.NONE);

        assertThat(Arrays.stream(copy.headers().toArray()).map(Header::key))
                .containsExactlyInAnyOrder(
                        "sluice-origin-topic",
                        "sluice-origin-partition",
                        "sluice-origin-offset",
                        "sluice-origin-timestamp",
                        "sluice-id",
                        "sluice-moves");
    }

    @Test
    void aDeadLetterSentAgainStartsOver() throws Undecodable {
        Envelope envelope = Envelope.read(redriven(redriven(consumed("{}", "ce_id", "t-1"))), "fetch");

        assertThat(envelope.ownId()).isEqualTo("t-1");
        assertThat(envelope.trip())
                .isEqualTo(new Trip(new Origin("tasks", 2, 7, Records.TIMESTAMP), Tries.NONE, null, 2, 0, false));
    }

    @Test
    void aMoveOfADeadLetterSentAgainIsNoDeadLetterAnyMore() throws Undecodable {
        ConsumerRecord<byte[], byte[]> redriven = redriven(consumed("{}", "ce_id", "t-1"));

        ProducerRecord<byte[], byte[]> copy =
                copy(redriven, Envelope.read(redriven, "fetch").trip());

        assertThat(copy.headers().toArray())
                .extracting(Header::key)
                .doesNotContain("sluice-reason")
                .noneMatch(name -> name.startsWith("kafka_dlt-"));
        assertThat(Envelope.read(written(copy), "fetch").trip())
                .isEqualTo(new Trip(new Origin("tasks", 2, 7, Records.TIMESTAMP), Tries.NONE, null, 1, 1, false));
    }

    /** Moved, dead, and put on the work topic again. */
    private static ConsumerRecord<byte[], byte[]> redriven(ConsumerRecord<byte[], byte[]> record) throws Undecodable {
        Trip trip = Envelope.read(record, "fetch").trip();
        ConsumerRecord<byte[], byte[]> moved = written(copy(record, trip.after(TRIES, DUE)));
        return written(DeadLetter.of(
                "tasks",
                "workers",
                moved,
                Envelope.read(moved, "fetch"),
                new Failure("exhausted", 5, "no", new IllegalStateException("no"), FIRST, LAST)));
    }

    @Test
    void aDeadLetterOfACopySaysWhereTheFirstOriginalIs() throws Undecodable {
        ProducerRecord<byte[], byte[]> moved = copy(redriven(consumed("{}")), Trip.NONE);
        ConsumerRecord<byte[], byte[]> copy = new ConsumerRecord<>(DELAY, 2, 99, moved.key(), moved.value());
        moved.headers().forEach(copy.headers()::add);
        copy.headers().remove("sluice-redrives").add("sluice-redrives", "3".getBytes(UTF_8));

        ProducerRecord<byte[], byte[]> letter = DeadLetter.of(
                "tasks.dlq",
                "workers",
                copy,
                Envelope.read(copy, "fetch"),
                new Failure("exhausted", 9, "no", null, FIRST, LAST));

        assertThat(header(letter, "sluice-origin-topic")).isEqualTo("tasks");
        assertThat(header(letter, "sluice-origin-offset")).isEqualTo("7");
        assertThat(header(letter, "sluice-id")).isEqualTo("tasks-2-7");
        assertThat(header(letter, "sluice-attempts")).isEqualTo("9");
        assertThat(header(letter, "sluice-redrives")).isEqualTo("3");
        assertThat(header(letter, "kafka_dlt-original-topic")).isEqualTo("tasks");
        assertThat(letter.headers().lastHeader("kafka_dlt-original-offset").value())
                .isEqualTo(new byte[] {0, 0, 0, 0, 0, 0, 0, 7});
        assertThat(ByteBuffer.wrap(letter.headers()
                                .lastHeader("kafka_dlt-original-timestamp")
                                .value())
                        .getLong())
                .isEqualTo(Records.TIMESTAMP);
        assertThat(letter.headers().lastHeader("kafka_dlt-original-timestamp-type"))
                .isNull();
    }

    @Test
    void aResultOfACopyIsOfTheTopicWhereTheTaskWasFirst() throws Undecodable {
        ConsumerRecord<byte[], byte[]> copy = written(copy(consumed("{}"), Trip.NONE));

        ProducerRecord<byte[], byte[]> result = TaskResult.succeeded(
                "tasks.results", copy, Envelope.read(copy, "fetch"), 1, "{}".getBytes(UTF_8), null);

        assertThat(header(result, "ce_source")).isEqualTo("/sluice/tasks");
        assertThat(header(result, "ce_id")).isEqualTo("tasks-2-7.0");
    }
}
