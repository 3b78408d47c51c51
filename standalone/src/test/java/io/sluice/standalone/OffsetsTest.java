package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.kafka.KafkaClients;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/** What a real broker remembers of a group: nothing unsettled is passed, and nothing settled runs again. */
class OffsetsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Two of three tasks end at once; the last one does, so that the map has to speak of all before it. */
    private static final int TASKS = 41;

    private final Map<String, Integer> runs = new ConcurrentHashMap<>();

    @TempDir
    Path folder;

    @Test
    void afterAKillExactlyTheUnsettledTasksRunAgain() throws Exception {
        // With the classic protocol a member says itself how soon it may be taken for dead.
        Map<String, String> variables = Map.of(
                "SLUICE_DEFAULT_TYPE",
                "fetch",
                "SLUICE_CONSUMER_GROUP_PROTOCOL",
                "classic",
                "SLUICE_CONSUMER_FENCE_AFTER",
                "6s",
                "SLUICE_KAFKA_SESSION_TIMEOUT_MS",
                "6000",
                "SLUICE_TYPES_FETCH_TIMEOUT",
                "4m",
                "SLUICE_TYPES_FETCH_OPTIONS_ALLOW",
                "127.0.0.1");
        try (TestPipeline pipeline = TestPipeline.open(variables);
                StubSite site = new StubSite();
                CommandProcess first = CommandProcess.start(folder, environment(pipeline, variables), "consumer")) {
            first.awaitErr("Consuming '");
            TopicPartition partition =
                    new TopicPartition(pipeline.settings().topics().tasks(), 0);
            pipeline.send(IntStream.range(0, TASKS)
                    .mapToObj(n -> task(partition, site.url(n % 3 == 0 ? "/never" : "/page")))
                    .toList());
            Set<Integer> open =
                    IntStream.range(0, TASKS).filter(n -> n % 3 == 0).boxed().collect(Collectors.toSet());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    unsettled(committed(pipeline.settings()).get(partition)))
                            .isEqualTo(open));

            first.signal("KILL");
            first.exitCode();
            pipeline.consume(1, () -> List.of(counting("fetch")));

            await().atMost(PATIENCE)
                    .until(() -> lag(pipeline.settings()).values().stream().allMatch(lag -> lag == 0));
            assertThat(runs.keySet())
                    .isEqualTo(open.stream().map(n -> partition + "-" + n).collect(Collectors.toSet()));
            assertThat(runs.values()).containsOnly(1);
        }
    }

    @Test
    void theLagIsZeroBehindTransactionsToo() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_DEFAULT_TYPE", "count"))) {
            pipeline.consume(1, () -> List.of(counting("count")));
            List<TopicPartition> partitions = partitions(pipeline.settings());
            Map<String, String> kafka = new HashMap<>(pipeline.settings().kafka());
            kafka.put(
                    ProducerConfig.TRANSACTIONAL_ID_CONFIG, pipeline.settings().topic());
            try (Producer<byte[], byte[]> producer = KafkaClients.producer(kafka, "sluice-test-transactions")) {
                producer.initTransactions();
                for (int n = 0; n < 8; n++) {
                    producer.beginTransaction();
                    String url = "n" + n;
                    partitions.forEach(partition -> {
                        var unused = producer.send(task(partition, url));
                    });
                    // The last one is aborted: the log ends with records that nobody gets to see, and a marker.
                    if (n % 2 == 0) {
                        producer.commitTransaction();
                    } else {
                        producer.abortTransaction();
                    }
                }
            }

            await().atMost(PATIENCE)
                    .until(() -> lag(pipeline.settings()).values().stream().allMatch(lag -> lag == 0));

            assertThat(runs).hasSize(4 * partitions.size());
            assertThat(runs.values()).containsOnly(1);
        }
    }

    private static ProducerRecord<byte[], byte[]> task(TopicPartition partition, String url) {
        return new ProducerRecord<>(
                partition.topic(), partition.partition(), null, ("{\"url\":\"" + url + "\"}").getBytes(UTF_8));
    }

    private Async counting(String type) {
        return new Async(type, (payload, task) -> {
            runs.merge(task.id(), 1, Integer::sum);
            return Future.succeededFuture("done");
        });
    }

    private static Map<String, String> environment(TestPipeline pipeline, Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        Settings settings = pipeline.settings();
        environment.put(
                "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                String.valueOf(settings.kafka().get("bootstrap.servers")));
        environment.put("SLUICE_TOPIC", settings.topic());
        environment.put("SLUICE_CONSUMER_GROUP", settings.consumer().group());
        return environment;
    }

    private static List<TopicPartition> partitions(Settings settings) throws Exception {
        String topic = settings.topics().tasks();
        try (Admin admin = KafkaClients.admin(settings.kafka(), "sluice-test-offsets")) {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                    .flatMap(described -> described.partitions().stream())
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Settings settings) throws Exception {
        try (Admin admin = KafkaClients.admin(settings.kafka(), "sluice-test-offsets")) {
            return admin.listConsumerGroupOffsets(settings.consumer().group())
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    /** Of each partition of the tasks, as any tool computes it: the end of the log, less what is committed. */
    private static Map<TopicPartition, Long> lag(Settings settings) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = committed(settings);
        Map<TopicPartition, Long> lag = new HashMap<>();
        try (Admin admin = KafkaClients.admin(settings.kafka(), "sluice-test-offsets")) {
            Map<TopicPartition, OffsetSpec> all = new HashMap<>();
            partitions(settings).forEach(partition -> all.put(partition, OffsetSpec.latest()));
            admin.listOffsets(all).all().get().forEach((partition, end) -> {
                OffsetAndMetadata offset = committed.get(partition);
                lag.put(partition, end.offset() - (offset == null ? 0 : offset.offset()));
            });
        }
        return lag;
    }

    /** Reads the map as {@code OffsetMap} draws it, by itself. */
    private static Set<Integer> unsettled(@Nullable OffsetAndMetadata commit) throws Exception {
        Set<Integer> unsettled = new HashSet<>();
        if (commit != null && !commit.metadata().isEmpty()) {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(commit.metadata()));
            assertThat(bytes.get()).as("version").isEqualTo((byte) 1);
            assertThat(bytes.get()).as("committed offset").isEqualTo((byte) commit.offset());
            byte length = bytes.get();
            // Single ones, then runs.
            while (bytes.hasRemaining()) {
                RoaringBitmap bitmap = new RoaringBitmap();
                bitmap.deserialize(bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
                bytes.position(bytes.position() + bitmap.serializedSizeInBytes());
                bitmap.forEach((int offset) -> unsettled.add((int) commit.offset() + offset));
            }
            if (length + commit.offset() < TASKS) {
                unsettled.add(-1);
            }
        }
        return unsettled;
    }
}
