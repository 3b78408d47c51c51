package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.record.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes whose log is for programs. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals")
class JsonLogTest {
    @TempDir
    Path folder;

    @Test
    void allThatAConsumerSaysIsAnEntryOfTheLog() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                CommandProcess consumer = CommandProcess.start(
                        folder,
                        Map.of(
                                "SLUICE_LOG_FORMAT",
                                "json",
                                "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                                String.valueOf(pipeline.settings().kafka().get("bootstrap.servers")),
                                "SLUICE_TOPIC",
                                pipeline.settings().topic()),
                        "consumer")) {
            consumer.awaitErr("Consuming '");

            consumer.signal("TERM");

            assertThat(consumer.exitCode()).as(consumer::err).isZero();
            assertThat(consumer.out()).isEmpty();
            assertThat(entries(consumer))
                    .allSatisfy(entry ->
                            assertThat(entry.path("log.level").asText()).isEqualTo("INFO"))
                    .extracting(entry -> entry.path("message").asText())
                    .anyMatch(message -> message.startsWith("Consuming '"))
                    .anyMatch(message -> message.startsWith("Stopping on SIGTERM"))
                    .anyMatch(message -> message.startsWith("Stopped: "));
        }
    }

    @Test
    void whatEndsACommandIsAnErrorOfTheLog() throws Exception {
        try (CommandProcess consumer = CommandProcess.start(
                folder, Map.of("SLUICE_LOG_FORMAT", "json", "SLUICE_CONSUMER_MAX_STUCK", "few"), "consumer")) {
            assertThat(consumer.exitCode()).isEqualTo(2);
            assertThat(entries(consumer)).singleElement().satisfies(entry -> {
                assertThat(entry.path("log.level").asText()).isEqualTo("ERROR");
                assertThat(entry.path("message").asText())
                        .startsWith("sluice: these settings cannot work:\n")
                        .contains("max-stuck");
            });
        }
    }

    @Test
    void aFormatThatThereIsNotIsRefused() throws Exception {
        try (CommandProcess consumer = CommandProcess.start(folder, Map.of("SLUICE_LOG_FORMAT", "xml"), "consumer")) {
            assertThat(consumer.exitCode()).isEqualTo(2);
            assertThat(consumer.err()).contains("SLUICE_LOG_FORMAT is 'xml', but must be json or text");
        }
    }

    @Test
    void emptyVariablesCountAsNotSet() throws Exception {
        Map<String, String> empty = Map.of(
                "SLUICE_LOG_FORMAT",
                "",
                "SLUICE_LOG_LEVEL",
                "",
                "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + CommandProcess.freePort());
        try (CommandProcess consumer = CommandProcess.start(folder, empty, "consumer")) {
            assertThat(consumer.exitCode()).isEqualTo(1);
            assertThat(consumer.err()).contains("no Kafka broker answers at 127.0.0.1");
            // Logback's own complaints.
            assertThat(consumer.out()).isEmpty();
        }
    }

    private static List<JsonNode> entries(CommandProcess process) {
        return process.err().lines().map(JsonLogTest::entry).toList();
    }

    private static JsonNode entry(String line) {
        try {
            JsonNode entry = Json.mapper().readTree(line);
            assertThat(entry.isObject()).as(line).isTrue();
            return entry;
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }
}
