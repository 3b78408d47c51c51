package io.sluice.producer.client;

import static io.sluice.producer.client.Futures.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.record.TaskResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ResultWatchTest {
    private static final String TOPIC = "tasks.results";
    private static final String THREAD = "result-watch-test";

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final Queue<TopicPartition> positionsAsked = new ConcurrentLinkedQueue<>();
    private final Map<TopicPartition, Long> timesAsked = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> offsetsOfTimes = new ConcurrentHashMap<>();
    private final MockConsumer<byte[], byte[]> broker = new MockConsumer<>("none") {
        @Override
        public synchronized long position(TopicPartition partition) {
            positionsAsked.add(partition);
            return super.position(partition);
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> all, Duration timeout) {
            if (away) {
                throw new TimeoutException("no answer");
            }
            return super.endOffsets(all, timeout);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
            timesAsked.putAll(times);
            Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
            times.forEach((partition, time) -> {
                Long offset = offsetsOfTimes.get(partition);
                found.put(partition, offset == null ? null : new OffsetAndTimestamp(offset, time));
            });
            return found;
        }
    };
    private volatile boolean away;
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final Queue<Context> heardOn = new ConcurrentLinkedQueue<>();

    @AfterEach
    void nothingIsLeft() throws Exception {
        Futures.await(vertx.close());
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals(THREAD));
    }

    @Test
    void whatIsWrittenAfterTheStartIsHeardAndWhatWasThereBeforeIsNot() throws Exception {
        topic(2);
        broker.updateEndOffsets(Map.of(partition(0), 5L, partition(1), 0L));
        ResultWatch watch = Futures.await(start());
        // A seek alone would leave it to the first poll, some time later, to find the end.
        assertThat(positionsAsked).containsExactlyInAnyOrder(partition(0), partition(1));

        add(0, 4, "before");
        add(0, 5, "after");
        add(1, 0, "after too");
        await().until(() -> heard.size() == 2);
        assertThat(heard).containsExactlyInAnyOrder("after", "after too");
        assertThat(heardOn).containsOnly(context);
        Futures.await(watch.close());
        assertThat(broker.closed()).isTrue();
    }

    @Test
    void fromATimeOnWhatIsThereAlreadyIsHeardToo() throws Exception {
        topic(2);
        broker.updateEndOffsets(Map.of(partition(0), 5L, partition(1), 3L));
        // In the other partition nothing was written since.
        offsetsOfTimes.put(partition(0), 2L);
        ResultWatch watch = Futures.await(ResultWatch.start(
                context, THREAD, TOPIC, Instant.ofEpochMilli(1_700_000_000_000L), () -> broker, this::take));
        assertThat(timesAsked).containsOnlyKeys(partition(0), partition(1)).containsValue(1_700_000_000_000L);

        add(0, 1, "too old");
        add(0, 2, "of the time");
        add(0, 5, "after");
        add(1, 2, "too old, too");
        add(1, 3, "after, too");
        await().until(() -> heard.size() == 3);
        assertThat(heard).containsExactlyInAnyOrder("of the time", "after", "after, too");
        Futures.await(watch.close());
    }

    @Test
    void itIsCurrentAsLongAsTheBrokerTellsWhereTheResultsEndAndTheyAreRead() throws Exception {
        topic(1);
        ResultWatch watch =
                Futures.await(ResultWatch.start(context, THREAD, TOPIC, Instant.EPOCH, () -> broker, this::take));
        await().until(watch::isCurrent);

        away = true;
        await().until(() -> !watch.isCurrent());
        away = false;
        await().until(watch::isCurrent);

        broker.updateEndOffsets(Map.of(partition(0), 1L));
        await().until(() -> !watch.isCurrent());
        add(0, 0, "late");
        await().until(watch::isCurrent);
        assertThat(heard).containsExactly("late");
        Futures.await(watch.close());
    }

    @Test
    void aRecordThatIsNoResultIsSkippedAndCounted() throws Exception {
        topic(1);
        ResultWatch watch = Futures.await(start());
        broker.addRecord(record(0, 0, "stranger", "no.result"));
        add(0, 1, "a");
        await().until(() -> heard.size() == 1);
        assertThat(watch.skipped()).isEqualTo(1);
        Futures.await(watch.close());
    }

    @Test
    void anErrorOfTheBrokersIsRetried() throws Exception {
        topic(1);
        ResultWatch watch = Futures.await(start());
        broker.setPollException(new KafkaException("gone for a while"));
        add(0, 0, "a");
        await().until(() -> heard.contains("a"));
        Futures.await(watch.close());
    }

    @Test
    void whereResultsWereDeletedItGoesOnWithTheOldestThatIsLeft() throws Exception {
        topic(1);
        broker.updateBeginningOffsets(Map.of(partition(0), 7L));
        ResultWatch watch = Futures.await(start());
        broker.setPollException(new OffsetOutOfRangeException(Map.of(partition(0), 0L)));
        await().until(() -> broker.position(partition(0)) == 7);
        add(0, 7, "a");
        await().until(() -> heard.contains("a"));
        assertThat(watch.lostAt()).isNotNull();
        Futures.await(watch.close());
    }

    @Test
    void aPartitionThatIsAddedLaterIsReadFromItsBeginning() throws Exception {
        topic(1);
        ResultWatch watch = Futures.await(start());
        broker.updateBeginningOffsets(Map.of(partition(1), 0L));
        broker.updatePartitions(TOPIC, partitions(2));
        await().until(() -> broker.assignment().size() == 2);
        add(1, 0, "in the new one");
        add(0, 0, "in the old one");
        await().until(() -> heard.size() == 2);
        Futures.await(watch.close());
    }

    @Test
    void aSlowTakerHoldsTheNextBatchBack() throws Exception {
        topic(1);
        CountDownLatch taking = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<Integer> sizes = new ArrayList<>();
        ResultWatch watch = Futures.await(ResultWatch.start(context, THREAD, TOPIC, null, () -> broker, results -> {
            sizes.add(results.size());
            taking.countDown();
            // Blocks its event loop, as no real taker may, so that the test decides when it is done.
            boolean unused = awaitUninterruptibly(go);
        }));
        add(0, 0, "a");
        assertThat(taking.await(30, SECONDS)).isTrue();
        add(0, 1, "b");
        await().until(() -> broker.position(partition(0)) == 2);
        IntStream.range(2, 100).forEach(i -> add(0, i, "c" + i));
        // One batch is with the taker, the next with the reader; the rest is not even polled.
        await().during(Duration.ofMillis(500)).until(() -> broker.position(partition(0)) == 2);
        go.countDown();
        await().until(() -> broker.position(partition(0)) == 100);
        Futures.await(watch.close());
        assertThat(sizes.get(0)).isEqualTo(1);
    }

    @Test
    void aTakerThatThrowsHearsOfTheNextAllTheSame() throws Exception {
        topic(1);
        ResultWatch watch = Futures.await(ResultWatch.start(context, THREAD, TOPIC, null, () -> broker, results -> {
            results.forEach(result -> heard.add(result.taskId()));
            throw new IllegalStateException("the taker's own");
        }));
        add(0, 0, "a");
        await().until(() -> heard.size() == 1);
        add(0, 1, "b");
        await().until(() -> heard.size() == 2);
        Futures.await(watch.close());
    }

    @Test
    void aTopicThatDoesNotExistFailsTheStart() throws Exception {
        assertThat(failure(start())).hasMessage("cannot follow topic tasks.results: it does not exist");
    }

    @Test
    void aBrokerThatDoesNotAnswerFailsTheStart() throws Exception {
        MockConsumer<byte[], byte[]> silent = new MockConsumer<>("none") {
            @Override
            public synchronized List<PartitionInfo> partitionsFor(String topic) {
                throw new TimeoutException("no answer in 60000 ms");
            }
        };
        assertThat(failure(ResultWatch.start(context, THREAD, TOPIC, null, () -> silent, this::take)))
                .hasMessage("cannot follow topic tasks.results: no answer in 60000 ms");
    }

    @Test
    void aConsumerThatCannotBeMadeFailsTheStart() throws Exception {
        Future<ResultWatch> started = ResultWatch.start(
                context,
                THREAD,
                TOPIC,
                null,
                () -> {
                    throw new KafkaException("no consumer", new IllegalStateException("no such host"));
                },
                results -> {});
        assertThat(failure(started)).hasMessage("cannot follow topic tasks.results: no consumer: no such host");
    }

    @Test
    void itJoins() throws Exception {
        topic(1);
        Join join = new Join();
        ResultWatch watch = Futures.await(ResultWatch.start(context, THREAD, TOPIC, null, () -> broker, join::settle));
        Future<Void> end = Future.future(promise -> context.runOnContext(start -> {
            IntStream.range(0, 100).forEach(i -> join.expect("t" + i));
            join.seal().onComplete(promise);
        }));
        IntStream.range(0, 100).forEach(i -> add(0, i, "t" + i));
        Futures.await(end);
        Futures.await(watch.close());
    }

    private Future<ResultWatch> start() {
        return ResultWatch.start(context, THREAD, TOPIC, null, () -> broker, this::take);
    }

    private void take(List<TaskResult> results) {
        heardOn.add(Vertx.currentContext());
        results.forEach(result -> heard.add(result.taskId()));
    }

    private void topic(int partitions) {
        broker.updatePartitions(TOPIC, partitions(partitions));
        IntStream.range(0, partitions).forEach(i -> broker.updateEndOffsets(Map.of(partition(i), 0L)));
    }

    private static List<PartitionInfo> partitions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new PartitionInfo(TOPIC, i, Node.noNode(), new Node[0], new Node[0]))
                .toList();
    }

    private static TopicPartition partition(int number) {
        return new TopicPartition(TOPIC, number);
    }

    private void add(int partition, long offset, String id) {
        broker.addRecord(record(partition, offset, id, "fetch.succeeded"));
    }

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, String id, String type) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_subject", id.getBytes(UTF_8));
        headers.add("ce_type", type.getBytes(UTF_8));
        byte[] value = "{}".getBytes(UTF_8);
        return new ConsumerRecord<>(
                TOPIC,
                partition,
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                value,
                headers,
                Optional.empty());
    }

    private static boolean awaitUninterruptibly(CountDownLatch latch) {
        try {
            return latch.await(30, SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
