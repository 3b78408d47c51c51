package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.record.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice demo}, as somebody sees it who starts it. */
class DemoCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Those that are the JVM's or a library's for the rest of its life: they start once, whoever needs them first. */
    private static final Set<String> GLOBAL = Set.of(
            "globalEventExecutor",
            "Common-Cleaner",
            "Cleaner-0",
            "process reaper",
            "Attach Listener",
            "awaitility-thread",
            "SIGTERM handler",
            "SIGINT handler");

    @TempDir
    Path folder;

    @Test
    void theDemoFetchesEveryPageWithinTheLimitsAndEndsByItself() throws Exception {
        Path results = folder.resolve("results.ndjson");
        try (CommandProcess demo = CommandProcess.start(
                folder,
                Map.of(),
                "demo",
                "--pages",
                "300",
                "--hosts",
                "3",
                "--timeout",
                "5000",
                "--json",
                "--out",
                results.toString())) {
            assertThat(demo.exitCode()).as(demo::err).isZero();

            assertThat(demo.out().lines()).hasSize(1);
            JsonNode summary = Json.mapper().readTree(demo.out());
            assertThat(summary.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "pages",
                            "succeeded",
                            "failed",
                            "attempts",
                            "retries",
                            "timeouts",
                            "maxConnectionsPerHost",
                            "seconds",
                            "pagesPerSecond",
                            "idealShare");
            assertThat(summary.path("pages").intValue()).isEqualTo(300);
            assertThat(summary.path("succeeded").intValue()).isEqualTo(300);
            assertThat(summary.path("failed").intValue()).isZero();
            assertThat(summary.path("attempts").intValue())
                    .isEqualTo(300 + summary.path("retries").intValue());
            assertThat(summary.path("maxConnectionsPerHost").intValue()).isBetween(2, 10);
            assertThat(summary.path("idealShare").doubleValue()).isBetween(0.01, 1.0);
            assertThat(demo.err()).doesNotContain("\tat ", "WARN", "ERROR");
            assertThat(Files.readAllLines(results))
                    .hasSize(300)
                    .allSatisfy(line -> assertThat(Json.mapper()
                                    .readTree(line)
                                    .path("succeeded")
                                    .booleanValue())
                            .isTrue());
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals")
    void ctrlCDrainsAndSaysWhatWasLeft() throws Exception {
        try (CommandProcess demo = CommandProcess.start(folder, Map.of(), "demo", "--pages", "50000", "--json")) {
            demo.awaitErrLike("\\b[1-9]\\d*/50000 done");

            demo.signal("INT");

            assertThat(demo.exitCode()).as(demo::err).isEqualTo(130);
            assertThat(demo.err())
                    .containsPattern("Interrupted: \\d+ running tasks finished, .* left for others")
                    .doesNotContain("\tat ");
            JsonNode summary = Json.mapper().readTree(demo.out());
            assertThat(summary.path("succeeded").intValue()).isBetween(1, 49_999);
        }
    }

    @Test
    void aHostThatRefusesIsSaidAndTheRestGoesOnAndNoThreadIsLeft() throws Exception {
        Set<String> before = threads();
        String refusing = "127.0.0.1:" + CommandProcess.freePort();
        try (StubSite site = new StubSite()) {
            Path list = folder.resolve("urls.txt");
            Files.writeString(
                    list,
                    "%s\nhttp://%s/\n%s\n%s\n".formatted(site.url("/a"), refusing, site.url("/b"), site.url("/c")));

            CommandRun run =
                    CommandRun.of("demo", "--urls", list.toString(), "--allow", "127.0.0.1", "--consumers", "1");

            assertThat(run.exitCode()).as(run::err).isEqualTo(1);
            assertThat(run.out())
                    .containsPattern("succeeded +3")
                    .containsPattern("failed +1")
                    .contains("connection refused: " + refusing);
            assertThat(run.err()).doesNotContain("\tat ");
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            Set<String> left = threads();
            left.removeAll(before);
            assertThat(left).isEmpty();
        });
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> GLOBAL.stream().noneMatch(name::startsWith))
                .collect(Collectors.toSet());
    }
}
