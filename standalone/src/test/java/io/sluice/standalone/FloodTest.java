package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.Waiting;
import io.sluice.consumer.ConsumerVerticle;
import io.sluice.handler.Handles;
import io.sluice.record.HeaderNames;
import io.sluice.record.NewTask;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One key, or one slow or paused type, has a partition's next tasks by the thousand. A task of another key behind all of them starts
 * while none of the flood has ended: it holds out for that (P5). Afterwards the flood is done, each task once and moved once
 * at most.
 */
class FloodTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int FEW = 5_000;
    private static final int MANY = 200_000;
    private static final int BATCH = 20_000;
    private static final int CAP = 3;
    private static final String OTHER = "other";
    private static final int PARTITION = partition(OTHER);
    private static final long MEGABYTE = 1 << 20;

    private final Promise<String> gate = Promise.promise();
    private final AtomicInteger started = new AtomicInteger();
    private volatile long otherStarted;
    private volatile int startedBefore;

    /** What has too many tasks. */
    private enum Of {
        ONE_KEY,
        /** Of which as few run at once as of a key. */
        ONE_SLOW_TYPE_WITHOUT_KEYS,
        A_PAUSED_TYPE
    }

    @ParameterizedTest
    @EnumSource
    void aFloodDelaysNoOther(Of of) {
        flood(of, FEW, false);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "A_PAUSED_TYPE")
    void aFloodThatIsThereBeforeTheConsumerDelaysNoOther(Of of) {
        flood(of, FEW, true);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("chaos")
    void aLargeFloodDelaysNoOther(Of of) {
        flood(of, MANY, false);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "A_PAUSED_TYPE")
    @Tag("chaos")
    void aLargeFloodThatIsThereBeforeTheConsumerDelaysNoOther(Of of) {
        flood(of, MANY, true);
    }

    /** @param before whether all tasks are there before the consumer is */
    private void flood(Of of, int tasks, boolean before) {
        AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
        Vertx vertx = Vertx.vertx();
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY",
                String.valueOf(CAP),
                "SLUICE_TYPES_SLOW_MAX_IN_FLIGHT",
                of == Of.ONE_KEY ? "50" : String.valueOf(CAP),
                "SLUICE_TYPES_SLOW_TIMEOUT",
                "4m",
                "SLUICE_TYPES_SLOW_RESULTS",
                "none"))) {
            ConsumerVerticle consumer = new ConsumerVerticle(pipeline.settings(), handlers(runs));
            if (of == Of.A_PAUSED_TYPE) {
                pipeline.pause("slow");
            }
            if (!before) {
                consume(vertx, consumer);
            }
            long heap = heap();
            send(pipeline, tasks, of == Of.ONE_KEY ? sameHome() : null);
            if (before) {
                consume(vertx, consumer);
            }
            long begin = System.nanoTime();

            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> otherStarted != 0);

            assertThat(startedBefore).isLessThanOrEqualTo(CAP);
            long grown = (heap() - heap) / MEGABYTE;
            gate.complete("done");
            pipeline.resume("slow");
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(
                            () -> assertThat(GroupLag.of(pipeline.settings())).isEmpty());
            assertThat(IntStream.range(0, tasks).filter(n -> runs.get(n) != 1).boxed())
                    .isEmpty();
            List<String> moved = moved(pipeline);
            assertThat(moved.size()).as("moves").isBetween(1, tasks);
            assertThat(Set.copyOf(moved).size()).as("moved tasks").isEqualTo(moved.size());
            System.out.printf(
                    "flood of %s, %,d tasks%s: another key's task started after %,d ms, when %d of the flood had started;"
                            + " the heap grew by %,d MB; %.3f moves a task%n",
                    of,
                    tasks,
                    before ? " before the consumer" : "",
                    (otherStarted - begin) / 1_000_000,
                    startedBefore,
                    grown,
                    (double) moved.size() / tasks);
            assertThat(grown).as("the heap's growth in MB").isLessThan(100);
        } finally {
            Waiting.on(vertx.close());
        }
    }

    private static void consume(Vertx vertx, ConsumerVerticle consumer) {
        Waiting.on(vertx.deployVerticle(consumer));
        await().atMost(PATIENCE).until(() -> Waiting.on(consumer.status()).partitions() == TestPipeline.PARTITIONS);
    }

    private static void send(TestPipeline pipeline, int tasks, @Nullable String key) {
        for (int from = 0; from < tasks; from += BATCH) {
            pipeline.send(IntStream.range(from, Math.min(tasks, from + BATCH))
                    .mapToObj(n -> record(pipeline.settings(), String.valueOf(n), "slow", key))
                    .toList());
        }
        pipeline.send(List.of(record(pipeline.settings(), OTHER, "quick", OTHER)));
    }

    private List<Handles<?, ?>> handlers(AtomicIntegerArray runs) {
        return List.of(
                new Async("slow", (payload, task) -> {
                    started.incrementAndGet();
                    runs.incrementAndGet(Integer.parseInt(task.id()));
                    return gate.future();
                }),
                new Async("quick", (payload, task) -> {
                    startedBefore = started.get();
                    otherStarted = System.nanoTime();
                    return Future.succeededFuture();
                }));
    }

    /** The origins of the records in the overflow topic. */
    private static List<String> moved(TestPipeline pipeline) {
        return pipeline.read(pipeline.settings().topics().overflow()).stream()
                .map(record -> HeaderNames.text(record.headers(), HeaderNames.ORIGIN_TOPIC) + "-"
                        + HeaderNames.text(record.headers(), HeaderNames.ORIGIN_PARTITION) + "-"
                        + HeaderNames.text(record.headers(), HeaderNames.ORIGIN_OFFSET))
                .toList();
    }

    private static ProducerRecord<byte[], byte[]> record(
            Settings settings, String id, String type, @Nullable String key) {
        ProducerRecord<byte[], byte[]> record =
                NewTask.of(id, type, key, "{}".getBytes(UTF_8)).toRecord(settings.topic(), "/test", null);
        return new ProducerRecord<>(record.topic(), PARTITION, record.key(), record.value(), record.headers());
    }

    /** Another key of the same partition. */
    private static String sameHome() {
        return IntStream.iterate(0, n -> n + 1)
                .mapToObj(n -> "flood-" + n)
                .filter(key -> partition(key) == PARTITION)
                .findFirst()
                .orElseThrow();
    }

    private static int partition(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % TestPipeline.PARTITIONS;
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
