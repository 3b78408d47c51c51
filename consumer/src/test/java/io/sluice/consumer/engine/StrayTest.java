package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.settings.Limits;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

/** Tasks in a partition that is not their key's. */
class StrayTest {
    private static final int PARTITIONS = 12;
    private static final int HOME = BuiltInPartitioner.partitionForKey(TaskRecord.bytes("a"), PARTITIONS);
    private static final int AWAY = (HOME + 1) % PARTITIONS;

    private final Bench bench = new Bench(new Limits(10, 10));
    private final OwnedPartition home = bench.partition(HOME, PARTITIONS);
    private final OwnedPartition away = bench.partition(AWAY, PARTITIONS);

    @Test
    void aStrayIsMovedToThePartitionOfItsKeyAndRunsThere() {
        bench.feed(away, TaskRecord.at(AWAY, 0).key("a"), TaskRecord.at(AWAY, 1));

        assertThat(bench.body.started()).as("no key, no home").containsExactly("tasks-" + AWAY + "-1");
        ProducerRecord<byte[], byte[]> copy = bench.sink.written("tasks").get(0);
        assertThat(copy.partition()).isEqualTo(HOME);
        assertThat(Bench.committable(away)).isEqualTo(1);
        assertThat(bench.status().moves().strays()).isEqualTo(1);

        bench.feed(home, new RestedCopies().read(copy));

        assertThat(bench.body.started()).contains("tasks-" + AWAY + "-0");
        assertThat(bench.sink.written("tasks")).hasSize(1);
    }

    @Test
    void aTaskAtHomeIsNoStray() {
        bench.feed(home, TaskRecord.at(HOME, 0).key("a"));

        assertThat(bench.body.started()).containsExactly("tasks-" + HOME + "-0");
    }

    @Test
    void whatWasMovedOnceStaysWhereItIs() {
        bench.feed(away, TaskRecord.at(AWAY, 0).key("a").header("sluice-stray", "true"));

        assertThat(bench.body.started()).hasSize(1);
        assertThat(bench.sink.sends()).isZero();
    }

    @Test
    void orderedStraysMoveOneAfterTheOther() {
        Bench ordered = new Bench(new Limits(10, 1));
        ordered.sink.hold();
        ordered.feed(
                ordered.partition(AWAY, PARTITIONS),
                TaskRecord.at(AWAY, 0).key("a").value("0"),
                TaskRecord.at(AWAY, 1).key("a").value("1"));
        assertThat(ordered.sink.open()).extracting(Bench::text).containsExactly("0");

        ordered.loop.on(ordered.sink::acknowledge);

        assertThat(ordered.sink.open()).extracting(Bench::text).containsExactly("1");
        assertThat(ordered.body.started()).isEmpty();
        assertThat(ordered.status().inFlight()).isZero();
    }

    @Test
    void aStrayThatIsTooLargeToMoveIsADeadLetter() {
        bench.sink.refuse(record -> record.topic().equals("tasks") ? new RecordTooLargeException("too large") : null);
        bench.feed(away, TaskRecord.at(AWAY, 0).key("a"));

        assertThat(bench.reasons()).containsExactly("stray");
        assertThat(Bench.committable(away)).isEqualTo(1);
        assertThat(bench.status().moves().strays()).isZero();
    }
}
