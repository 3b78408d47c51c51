package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Where a consumer goes on with what another has left, whatever became of the log meanwhile. */
class ResumeTest {
    private static final TopicPartition TASKS = FakeSource.id(0);

    private final PollBench first = new PollBench();
    private final FakeSource source = first.source;

    /** A consumer that comes after the first one has been killed. */
    private PollBench next() {
        source.crash();
        PollBench next = new PollBench(source);
        next.assign(0);
        return next;
    }

    private static List<String> ids(long... offsets) {
        return Arrays.stream(offsets).mapToObj(offset -> "tasks-0-" + offset).toList();
    }

    private static OffsetAndMetadata mapped(long base, long position, long... unsettled) {
        String map = OffsetMap.of(base, unsettled, unsettled.length, position).metadata();
        return new OffsetAndMetadata(base, Optional.of(7), map);
    }

    @Test
    void aRestartRunsExactlyWhatIsUnsettled() {
        source.write(PollBench.records(0, 8));
        first.assign(0);
        first.succeed(0, 2, 3, 5, 7);
        first.turns();

        assertThat(next().started()).isEqualTo(ids(1, 4, 6));
    }

    @Test
    void aCommitIsMadeAlsoIfOnlySomethingPastAGapHasSettled() {
        source.write(PollBench.records(0, 4));
        first.assign(0);
        first.succeed(2);
        first.turns();

        assertThat(first.committed().offset()).isZero();
        assertThat(first.map().isSettled(2)).isTrue();
        assertThat(first.calls("commitAsync")).hasSize(1);
    }

    @Test
    void aSecondRestartRepeatsNothingEither() {
        source.write(PollBench.records(0, 8));
        first.assign(0);
        first.succeed(1, 3, 5, 7);
        first.turns();
        source.maxPollRecords(3);
        PollBench second = next();
        second.succeed(0);
        second.turns();
        source.maxPollRecords(500);

        assertThat(next().started()).isEqualTo(ids(2, 4, 6));
    }

    @Test
    void aCommitWhoseReplyIsLostIsMadeAgainAndDoesNoHarm() {
        source.write(PollBench.records(0, 4));
        source.loseReplies(true);
        first.assign(0);
        first.succeed(0, 2);
        first.turns();
        assertThat(first.committed().offset()).isEqualTo(1);
        first.succeed(1);
        first.turns();
        assertThat(first.committed().offset()).isEqualTo(3);

        source.loseReplies(false);
        first.turns();
        int acknowledged = first.calls("commitAsync").size();
        first.turns();
        assertThat(first.calls("commitAsync")).hasSize(acknowledged);
    }

    @Test
    void aBrokerThatTakesNoMetadataGetsCommitsWithoutMaps() {
        source.write(PollBench.records(0, 8));
        source.metadataLimit(4);
        first.assign(0);
        first.succeed(0, 2);
        first.turns();
        assertThat(first.committed()).isEqualTo(new OffsetAndMetadata(1, Optional.of(7), ""));

        first.succeed(1);
        first.turns();
        assertThat(first.committed().offset()).isEqualTo(3);
    }

    @Test
    void aBrokerThatTakesNoMetadataGetsTheLastCommitToo() {
        source.write(PollBench.records(0, 8));
        source.metadataLimit(4);
        first.assign(0);
        first.succeed(0, 2);
        first.pollLoop.close(true);

        assertThat(first.committed().offset()).isEqualTo(1);
    }

    @Test
    void metadataThatIsNoMapIsCountedAndReplaced() {
        source.write(PollBench.records(0, 4));
        source.committed(TASKS, new OffsetAndMetadata(1, "somebody's note"));

        first.assign(0);
        assertThat(first.started()).isEqualTo(ids(1, 2, 3));
        assertThat(first.pollLoop.status().unreadableMaps()).isEqualTo(1);

        first.succeed(2);
        first.turns();
        assertThat(first.map().isSettled(2)).isTrue();
    }

    @Test
    void itSeeksWithTheLeaderEpochOfTheCommit() {
        source.write(PollBench.records(0, 4));
        source.committed(TASKS, mapped(1, 4, 1));

        first.assign(0);

        assertThat(source.lastSeek(TASKS)).isEqualTo(mapped(1, 4, 1));
    }

    @Test
    void aLostRangeIsADeadLetterThatSaysWhatIsMissing() {
        source.write(PollBench.records(0, 10));
        source.committed(TASKS, mapped(2, 6, 2, 4));
        source.beginAt(0, 8);

        first.assign(0);

        assertThat(first.bench.reasons()).containsExactly("lost");
        ProducerRecord<byte[], byte[]> letter = first.bench.deadLetters().get(0);
        assertThat(letter.value()).isNull();
        assertThat(Bench.header(letter, "sluice-origin-offset")).isEqualTo("2");
        assertThat(Bench.header(letter, "kafka_dlt-exception-message"))
                .as("3 and 5 were settled; 2, 4, 6 and 7 were not")
                .startsWith("4 tasks of tasks-0 are lost, at offsets 2 to 7: the topic begins at 8 now");
        assertThat(first.started()).isEqualTo(ids(8, 9));
        assertThat(first.pollLoop.status().lostTasks()).isEqualTo(4);
    }

    @Test
    void theCommitPassesALostRangeOnlyWhenItsDeadLetterIsSafe() {
        source.write(PollBench.records(0, 10));
        source.committed(0, 2);
        source.beginAt(0, 8);
        first.bench.sink.hold();
        first.assign(0);
        first.turns();
        assertThat(first.committed().offset()).isEqualTo(2);

        first.bench.loop.on(first.bench.sink::letGo);
        first.turns();
        assertThat(first.committed().offset()).isEqualTo(8);
    }

    @Test
    void aLossThatHasNotBeenToldIsToldByTheNextOwner() {
        source.write(PollBench.records(0, 10));
        source.committed(0, 2);
        source.beginAt(0, 8);
        first.bench.sink.hold();
        first.assign(0);
        first.succeed(8);
        first.turns();

        PollBench next = next();

        assertThat(next.bench.reasons()).containsExactly("lost");
        assertThat(next.started()).isEqualTo(ids(8, 9));
    }

    @Test
    void ifAllThatIsGoneWasSettledNothingIsLost() {
        source.write(PollBench.records(0, 10));
        source.committed(TASKS, mapped(2, 8, 7));
        source.beginAt(0, 7);

        first.assign(0);
        first.turns();

        assertThat(first.bench.reasons()).isEmpty();
        assertThat(first.started()).isEqualTo(ids(7, 8, 9));
        assertThat(first.committed().offset()).isEqualTo(7);
    }

    @Test
    void afterATruncationItGoesOnFromWhereTheLogsPart() {
        source.write(PollBench.records(0, 10));
        source.committed(TASKS, mapped(6, 10, 6));
        first.assign(0);
        source.failPoll(truncated(10, 4));

        first.turns();

        assertThat(source.lastSeek(TASKS).offset()).isEqualTo(4);
        assertThat(first.started())
                .endsWith("tasks-0-4", "tasks-0-5", "tasks-0-6", "tasks-0-7", "tasks-0-8", "tasks-0-9");
    }

    @Test
    void afterATruncationBehindTheCommittedOffsetTheMapIsDiscarded() {
        source.write(PollBench.records(0, 10));
        source.committed(TASKS, mapped(2, 10, 2, 9));
        first.assign(0);
        assertThat(first.started()).isEqualTo(ids(2, 9));
        source.failPoll(truncated(10, 7));

        first.turns();

        assertThat(source.lastSeek(TASKS).offset()).isEqualTo(2);
        assertThat(first.started().subList(2, 10)).isEqualTo(ids(2, 3, 4, 5, 6, 7, 8, 9));
    }

    @Test
    void aPositionAboveTheEndDiscardsTheMap() {
        source.write(PollBench.records(0, 6));
        source.committed(TASKS, mapped(2, 10, 2));
        first.assign(0);
        assertThat(first.started()).isEqualTo(ids(2));
        source.failPoll(new OffsetOutOfRangeException("out of range", Map.of(TASKS, 10L)));

        first.turns();

        assertThat(first.started().subList(1, 5)).isEqualTo(ids(2, 3, 4, 5));
    }

    @Test
    void theGroupHearsAtOnceThatTheMapIsDiscarded() {
        source.write(PollBench.records(0, 6));
        source.committed(TASKS, mapped(2, 10, 2));
        first.assign(0);
        source.failPoll(new OffsetOutOfRangeException("out of range", Map.of(TASKS, 10L)));
        first.turns();
        source.write(PollBench.records(6, 12));

        PollBench next = next();
        next.turns();

        assertThat(next.started()).as("others stand there now").isEqualTo(ids(2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    }

    private static LogTruncationException truncated(long position, long divergent) {
        return new LogTruncationException(
                Map.of(TASKS, position), Map.of(TASKS, new OffsetAndMetadata(divergent, Optional.of(3), "")));
    }
}
