package io.sluice.standalone.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.record.Json;
import io.sluice.settings.SettingsLoader;
import io.sluice.topics.PipelineTopics;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Twice the consumers, half the time: with tasks that wait and keys without end, nothing but permits is scarce. */
@Tag("figures")
@Timeout(1800)
class ScalingTest {
    private static final int PARTITIONS = 12;
    private static final int TASKS = 12_000;
    private static final int WARM_UP = 2_400;
    private static final int IN_FLIGHT = 50;
    private static final double BOUND = 0.15;

    @Test
    void twoAndFourConsumersTakeAHalfAndAQuarterOfTheTime(@TempDir Path folder) throws Exception {
        try (TestBed bed = TestBed.start(folder)) {
            PipelineTopics.create(
                    SettingsLoader.load(null, Map.of("SLUICE_KAFKA_BOOTSTRAP_SERVERS", bed.bootstrap())), PARTITIONS);
            try (PlainClient client = new PlainClient(bed.bootstrap());
                    Admin admin = Admin.create(Map.of("bootstrap.servers", bed.bootstrap()))) {
                GroupView group = new GroupView(admin);
                Map<Integer, Double> seconds = new HashMap<>();
                int consumers = 0;
                for (int count : List.of(1, 2, 4)) {
                    for (; consumers < count; consumers++) {
                        bed.consumer(Map.of(
                                "SLUICE_DEFAULT_TYPE",
                                "timed",
                                "SLUICE_CONSUMER_MAX_IN_FLIGHT",
                                String.valueOf(IN_FLIGHT)));
                    }
                    List<Long> fair = Collections.nCopies(count, (long) PARTITIONS / count);
                    await().atMost(TestBed.PATIENCE).until(() -> group.owned().equals(fair));
                    run(client, WARM_UP);
                    seconds.put(count, run(client, TASKS));
                    System.out.printf(
                            "%d consumers: %.2f s, ideally %.2f s%n",
                            count, seconds.get(count), TASKS * 0.1 / IN_FLIGHT / count);
                }

                double alone = seconds.getOrDefault(1, 0.0);
                assertThat(seconds)
                        .allSatisfy((count, taken) -> assertThat(alone / taken)
                                .as("times as fast with " + count + " consumers: " + seconds)
                                .isCloseTo(count, within(count * BOUND)));
            }
        }
    }

    /** Runs so many tasks, of as many keys, as many in every partition; from the first one's start to the last one's end. */
    private static double run(PlainClient client, int tasks) throws Exception {
        int before = client.results().size();
        List<String> ids = client.feed(
                IntStream.range(0, tasks).mapToObj(n -> Map.entry(key(n), "{}")).toList());
        client.awaitResults(before + tasks, TestBed.PATIENCE);
        Map<String, List<PlainClient.Result>> results = client.results();
        assertThat(results.values()).allSatisfy(each -> assertThat(each).hasSize(1));
        long start = Long.MAX_VALUE;
        long end = 0;
        for (String id : ids) {
            JsonNode times = Json.mapper()
                    .readTree(results.getOrDefault(id, List.of()).get(0).value());
            start = Math.min(start, times.path("start").asLong());
            end = Math.max(end, times.path("end").asLong());
        }
        return (end - start) / 1000.0;
    }

    /** The n-th task's key, one that Kafka's own partitioner puts in the n-th partition of twelve, and so on round. */
    private static String key(int n) {
        return IntStream.iterate(0, salt -> salt + 1)
                .mapToObj(salt -> "key-" + n + "-" + salt)
                .filter(key -> BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), PARTITIONS) == n % PARTITIONS)
                .findFirst()
                .orElseThrow();
    }
}
