package io.sluice.standalone.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.record.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code docker compose up} brings up does what it is there for: fed by a client that knows nothing of Sluice, scaled
 * while it works, looked at by Prometheus, stopped in good order.
 */
@Tag("containers")
@Timeout(1800)
class ComposeTest {
    private static final int TASKS = 3_000;
    private static final int KEYS = 1_000;
    private static final int OF_THE_SATURATED = 1_000;
    private static final int PER_KEY = 10;
    private static final String SATURATED = "key-0";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Map<String, String> variables = new HashMap<>();

    @Test
    void threeThousandTasksSurviveScalingUpAndDownWithinTheLimitOfEveryKey(@TempDir Path folder) throws Exception {
        Images.build();
        variables.put("CONSUMER_IMAGE", Images.CONSUMER);
        variables.put("PRODUCER_IMAGE", Images.PRODUCER);
        variables.put(
                "TARGET_CLASSES",
                Path.of("target/test-classes").toAbsolutePath().toString());
        for (String port : List.of("KAFKA_PORT", "PRODUCER_PORT", "PROMETHEUS_PORT", "TARGET_PORT")) {
            variables.put(port, Integer.toString(Engine.freePort()));
        }
        Path added = Path.of(ComposeTest.class.getResource("/compose/test.yml").toURI());
        try (ComposeProject compose = ComposeProject.of(added, variables, folder.resolve("deaths"))) {
            try {
                runTasks(compose);
                lookAtIt();
                compose.run("stop", "consumer", "producer");
            } catch (Exception | AssertionError failure) {
                failure.addSuppressed(new AssertionError(
                        compose.run("logs", "--no-color", "--tail", "40", "consumer", "producer", "topics")));
                throw failure;
            }
            // One to make the topics, four consumers of which two were stopped on the way, one producer.
            await().atMost(PATIENCE).until(() -> ofOurs(compose).size() >= 6);
            assertThat(ofOurs(compose)).as("services and their exit codes").allMatch(end -> end.endsWith(" 0"));
        }
    }

    private void runTasks(ComposeProject compose) throws Exception {
        compose.run("build", "topics", "consumer");
        scale(compose, 1);
        try (PlainClient client = new PlainClient("127.0.0.1:" + variables.get("KAFKA_PORT"))) {
            List<String> tasks = client.feed(load());
            client.awaitResults(TASKS / 5, PATIENCE);
            scale(compose, 4);
            client.awaitResults(TASKS * 3 / 5, PATIENCE);
            scale(compose, 2);
            client.awaitResults(TASKS, PATIENCE);

            assertThat(client.results().keySet()).containsExactlyInAnyOrderElementsOf(tasks);
            assertThat(client.results().values())
                    .allSatisfy(results -> assertThat(results)
                            .hasSize(1)
                            .allMatch(result -> result.type().equals("http.succeeded")));
        }
        JsonNode most = get("TARGET_PORT", "/counts");
        assertThat(most.size()).isEqualTo(KEYS);
        assertThat(most.path(SATURATED).asInt()).as("saturated").isEqualTo(PER_KEY);
        assertThat(most.properties())
                .allSatisfy(key -> assertThat(key.getValue().asInt()).isLessThanOrEqualTo(PER_KEY));
    }

    /** Every consumer and producer is scraped, and every query of the dashboard finds something that it can show. */
    private void lookAtIt() throws Exception {
        PrometheusApi prometheus = new PrometheusApi("127.0.0.1:" + variables.get("PROMETHEUS_PORT"));
        await().atMost(PATIENCE).until(() -> prometheus.up("sluice-consumer") == 2);
        await().atMost(PATIENCE).until(() -> prometheus.up("sluice-producer") == 1);
        assertThat(get("PRODUCER_PORT", "/v1/openapi.json").path("openapi").asText())
                .startsWith("3.");
        JsonNode dashboard = Json.mapper()
                .readTree(Images.repository()
                        .resolve("deploy/grafana/dashboards/sluice.json")
                        .toFile());
        List<String> queries = PrometheusApi.queriesOf(dashboard);
        assertThat(queries).hasSizeGreaterThan(30);
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
            List<String> empty = new ArrayList<>();
            for (String query : queries) {
                if (prometheus.query(query).isEmpty()) {
                    empty.add(query);
                }
            }
            assertThat(empty).as("queries that find nothing").isEmpty();
        });
    }

    private static List<String> ofOurs(ComposeProject compose) throws IOException {
        return compose.ended().stream()
                .filter(end -> end.matches("(topics|consumer|producer) .*"))
                .toList();
    }

    /** Brings up what is missing, and waits until all of it is healthy. */
    private static void scale(ComposeProject compose, int consumers) {
        compose.run(
                "up",
                "--detach",
                "--wait",
                "--no-build",
                "--scale",
                "consumer=" + consumers,
                "consumer",
                "producer",
                "target",
                "prometheus");
    }

    /** A third of the tasks is of one key, the others have two each or three; in no order. Some fail at first. */
    private static List<Map.Entry<String, String>> load() {
        List<Map.Entry<String, String>> records = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            String key = i < OF_THE_SATURATED ? SATURATED : "key-" + (1 + i % (KEYS - 1));
            records.add(Map.entry(key, "{\"n\":" + i + ",\"again\":" + (i % 50 == 0) + "}"));
        }
        Collections.shuffle(records, new Random(5));
        return records;
    }

    private JsonNode get(String port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + variables.get(port) + path))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }
}
