package io.sluice.standalone.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.settings.SettingsLoader;
import io.sluice.topics.PipelineTopics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Measures what the README says of the images, and prints it. */
@Tag("figures")
@Timeout(1800)
class ImageFiguresTest {
    private static final int PARTITIONS = 12;
    private static final int STARTS = 5;
    private static final int TASKS = 12_000;
    private static final String READY = "/health/ready";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    void sizesAndTimesToBeReadyAndMemory() throws Exception {
        try (TestBed bed = TestBed.start(folder)) {
            PipelineTopics.create(
                    SettingsLoader.load(null, Map.of("SLUICE_KAFKA_BOOTSTRAP_SERVERS", bed.bootstrap())), PARTITIONS);
            for (String image : List.of(Images.CONSUMER, Images.PRODUCER, "eclipse-temurin:25-jre")) {
                System.out.println(image.replaceFirst(":under-test.*", "") + ": "
                        + docker("images", "--format", "{{.Size}}", image).strip());
            }
            List<Long> cached = new ArrayList<>();
            List<Long> uncached = new ArrayList<>();
            for (int n = 0; n < STARTS; n++) {
                cached.add(startToReady(bed, "auto"));
                uncached.add(startToReady(bed, "off"));
            }
            System.out.println("docker run to ready, with the cache: " + inOrder(cached) + " ms");
            System.out.println("docker run to ready, without it: " + inOrder(uncached) + " ms");
            memory(bed);
            assertThat(cached).hasSize(STARTS).allMatch(millis -> millis > 0);
        }
    }

    private static List<Long> inOrder(List<Long> figures) {
        return figures.stream().sorted().toList();
    }

    private long startToReady(TestBed bed, String cache) throws Exception {
        long begin = System.nanoTime();
        String consumer = start(bed, cache);
        try {
            awaitReady(consumer);
            return (System.nanoTime() - begin) / 1_000_000;
        } finally {
            remove(consumer);
        }
    }

    private void memory(TestBed bed) throws Exception {
        String consumer = start(bed, "auto");
        try (PlainClient client = new PlainClient(bed.bootstrap())) {
            awaitReady(consumer);
            System.out.println("memory, idle: " + memory(consumer, 15));
            client.feed(IntStream.range(0, TASKS)
                    .mapToObj(n -> Map.entry("key-" + n, "{}"))
                    .toList());
            System.out.println("memory, 50 tasks of 100 ms in flight: " + memory(consumer, 15));
            client.awaitResults(TASKS, TestBed.PATIENCE);
        } finally {
            remove(consumer);
        }
    }

    /** The least and the most that it takes within about so many seconds. */
    private String memory(String consumer, int seconds) {
        List<Double> mebibytes = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < end) {
            String usage = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", consumer);
            mebibytes.add(Double.parseDouble(usage.replaceFirst("(?s)MiB.*", "")));
        }
        return Math.round(Collections.min(mebibytes)) + " to " + Math.round(Collections.max(mebibytes)) + " MiB";
    }

    private String start(TestBed bed, String cache) {
        return docker(
                        "run",
                        "-d",
                        "--read-only",
                        "--tmpfs",
                        "/tmp:exec",
                        "--memory",
                        "768m",
                        "--network",
                        bed.network(),
                        "-p",
                        "127.0.0.1::9000",
                        "-v",
                        bed.handlers() + ":/app/handlers:ro",
                        "-e",
                        "JDK_JAVA_OPTIONS=-XX:AOTMode=" + cache,
                        "-e",
                        "SLUICE_KAFKA_BOOTSTRAP_SERVERS=kafka:19092",
                        "-e",
                        "SLUICE_DEFAULT_TYPE=timed",
                        "-e",
                        "SLUICE_CONSUMER_MAX_IN_FLIGHT=50",
                        Images.CONSUMER)
                .strip();
    }

    private void awaitReady(String consumer) {
        String place = docker("port", consumer, "9000").strip();
        HttpRequest ready =
                HttpRequest.newBuilder(URI.create("http://" + place + READY)).build();
        await().atMost(TestBed.PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> isReady(ready));
    }

    private boolean isReady(HttpRequest ready) throws InterruptedException {
        try {
            return http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void remove(String consumer) {
        docker("stop", "-t", "40", consumer);
        docker("rm", consumer);
    }

    private String docker(String... arguments) {
        return Engine.docker(folder, arguments);
    }
}
