package io.sluice.consumer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.consumer.engine.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaSourceTest {
    private static final TopicPartition ZERO = new TopicPartition("tasks", 0);
    private static final TopicPartition ONE = new TopicPartition("tasks", 1);
    private static final Duration NO_TIME = Duration.ZERO;

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final EndOffsets ends = new EndOffsets();
    private final KafkaSource source = new KafkaSource(() -> consumer, Set.of("tasks"), ends);
    private final List<String> heard = new ArrayList<>();

    private final class Listener implements Source.Listener {
        @Override
        public void assigned(Collection<TopicPartition> partitions) {
            heard.add("assigned " + partitions);
            partitions.forEach(id -> source.seek(id, new OffsetAndMetadata(5)));
        }

        @Override
        public void revoked(Collection<TopicPartition> partitions) {
            heard.add("revoked " + partitions);
        }

        @Override
        public void lost(Collection<TopicPartition> partitions) {
            heard.add("lost " + partitions);
        }
    }

    @BeforeEach
    void join() {
        consumer.updateBeginningOffsets(Map.of(ZERO, 2L, ONE, 0L));
        source.subscribe(new Listener());
        consumer.rebalance(List.of(ZERO));
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset) {
        return new ConsumerRecord<>("tasks", 0, offset, new byte[0], new byte[0]);
    }

    @Test
    void whatLiesBehindAPausedPartitionsPositionGrowsWithItsTopic() {
        MockConsumer<byte[], byte[]> reader = new MockConsumer<>("none");
        source.pause(List.of(ZERO));
        assertThat(source.unread(ZERO, 5)).as("nobody has asked yet").isEmpty();

        reader.updateEndOffsets(Map.of(ZERO, 8L));
        ends.ask(reader);
        assertThat(source.unread(ZERO, 5)).hasValue(3);

        reader.updateEndOffsets(Map.of(ZERO, 1_005L));
        ends.ask(reader);
        assertThat(source.unread(ZERO, 5)).hasValue(1_000);
        assertThat(source.unread(ZERO, 1_007)).hasValue(0);
    }

    @Test
    void anEndThatCannotBeHadStaysAsItWas() {
        MockConsumer<byte[], byte[]> reader = new MockConsumer<>("none");
        assertThat(ends.of(ZERO)).isEmpty();
        reader.updateEndOffsets(Map.of(ZERO, 8L));
        ends.ask(reader);
        assertThat(ends.of(ZERO)).hasValue(8);
        reader.setOffsetsException(new TimeoutException("no answer"));

        ends.ask(reader);

        assertThat(ends.of(ZERO)).hasValue(8);
    }

    @Test
    void aPollBringsRecordsInOrderAndWhereToReadNext() {
        consumer.addRecord(record(5));
        consumer.addRecord(record(6));

        Source.Batch batch = source.poll(NO_TIME);

        assertThat(batch.records()).containsOnlyKeys(ZERO);
        assertThat(batch.records().get(ZERO)).extracting(ConsumerRecord::offset).containsExactly(5L, 6L);
        assertThat(batch.next()).containsOnlyKeys(ZERO);
        assertThat(batch.next().values()).extracting(OffsetAndMetadata::offset).containsExactly(7L);
    }

    @Test
    void rebalancesAreHeardOf() {
        consumer.rebalance(List.of(ONE));

        assertThat(heard).startsWith("assigned [tasks-0]").contains("assigned [tasks-1]");
        assertThat(source.assignment()).containsExactly(ONE);
    }

    @Test
    void aPartitionWithoutACommitIsMissing() {
        assertThat(source.committed(Set.of(ZERO))).isEmpty();

        source.commitSync(Map.of(ZERO, new OffsetAndMetadata(6)), Duration.ofSeconds(1));

        assertThat(source.committed(Set.of(ZERO))).containsOnlyKeys(ZERO);
        assertThat(source.beginnings(Set.of(ZERO))).isEqualTo(Map.of(ZERO, 2L));
    }

    @Test
    void aCommitIsAnswered() {
        source.commitAsync(Map.of(ZERO, new OffsetAndMetadata(6)), (offsets, failure) -> heard.add("done " + failure));
        source.poll(NO_TIME);

        assertThat(heard).contains("done null");
    }

    @Test
    void aPausedPartitionBringsNothingUntilItIsResumed() {
        source.pause(Set.of(ZERO));
        assertThat(consumer.paused()).containsExactly(ZERO);

        source.resume(Set.of(ZERO));
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void itKnowsHowManyPartitionsATopicHas() {
        Node node = new Node(1, "127.0.0.1", 9092);
        Node[] nodes = {node};
        consumer.updatePartitions(
                "tasks",
                List.of(
                        new PartitionInfo("tasks", 0, node, nodes, nodes),
                        new PartitionInfo("tasks", 1, node, nodes, nodes)));

        assertThat(source.partitions("tasks")).isEqualTo(2);
    }

    @Test
    void closingLeavesTheGroup() {
        source.close(Duration.ofSeconds(1));

        assertThat(consumer.closed()).isTrue();
    }
}
