package io.sluice.standalone.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.settings.SettingsLoader;
import io.sluice.topics.PipelineTopics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/** The broker's container is stopped while tasks run, and started again later, with its data. */
@Tag("containers")
@Timeout(1200)
class BrokerRestartTest {
    private static final int COMMITTED = 200;
    private static final int RUNNING = 2_000;
    private static final int AFTER = 300;

    @Test
    void tasksInFlightAndTasksFedAfterItsReturnAreDoneAndNothingCommittedIsRepeated(@TempDir Path folder)
            throws Exception {
        try (TestBed bed = TestBed.start(folder)) {
            PipelineTopics.create(
                    SettingsLoader.load(null, Map.of("SLUICE_KAFKA_BOOTSTRAP_SERVERS", bed.bootstrap())), 4);
            try (PlainClient client = new PlainClient(bed.bootstrap());
                    Admin admin = Admin.create(Map.of("bootstrap.servers", bed.bootstrap()))) {
                GenericContainer<?> consumer =
                        bed.consumer(Map.of("SLUICE_DEFAULT_TYPE", "timed", "SLUICE_CONSUMER_MAX_IN_FLIGHT", "20"));
                GroupView group = new GroupView(admin);
                List<String> committed = client.feed(records(COMMITTED));
                await().atMost(TestBed.PATIENCE).until(() -> group.committed() == COMMITTED);
                List<String> all = new ArrayList<>(committed);
                all.addAll(client.feed(records(RUNNING)));
                client.awaitResults(COMMITTED + RUNNING / 10, TestBed.PATIENCE);

                int before = client.results().size();
                bed.stopBroker();
                await().atMost(TestBed.PATIENCE).until(() -> !isReady(consumer));
                bed.startBroker();
                all.addAll(client.feed(records(AFTER)));
                client.awaitResults(all.size(), TestBed.PATIENCE);
                await().atMost(TestBed.PATIENCE).until(() -> group.committed() == all.size());
                await().atMost(TestBed.PATIENCE).until(() -> isReady(consumer));

                Map<String, List<PlainClient.Result>> results = client.results();
                int written = results.values().stream().mapToInt(List::size).sum();
                System.out.printf(
                        "broker restarted after %d of %d results: %d results of %d tasks%n",
                        before, COMMITTED + RUNNING, written, all.size());
                assertThat(before).as("results when it was stopped").isLessThan(COMMITTED + RUNNING);
                assertThat(results.keySet()).containsExactlyInAnyOrderElementsOf(all);
                assertThat(results.values().stream().flatMap(Collection::stream))
                        .allMatch(result -> result.type().equals("timed.succeeded"));
                assertThat(committed)
                        .allSatisfy(task -> assertThat(results.get(task)).hasSize(1));
                assertThat(TestBed.stop(consumer)).isZero();
            }
        }
    }

    private static boolean isReady(GenericContainer<?> consumer) throws Exception {
        return consumer.execInContainer("curl", "-fsS", "-m", "5", "http://127.0.0.1:9000/health/ready")
                        .getExitCode()
                == 0;
    }

    private static List<Map.Entry<String, String>> records(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> Map.entry("key-" + n % 50, "{\"n\":" + n + "}"))
                .toList();
    }
}
