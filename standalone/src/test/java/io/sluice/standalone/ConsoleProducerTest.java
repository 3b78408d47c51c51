package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.record.TaskResult;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What anybody can do with nothing but Kafka's own {@code kafka-console-producer.sh}. */
@Timeout(180)
class ConsoleProducerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void whateverAPlainConsoleProducerWritesBecomesAResult(@TempDir Path folder) throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_DEFAULT_TYPE", "echo"))) {
            pipeline.consume(
                    1,
                    () -> List.of(new Async(
                            "echo", (payload, task) -> Future.succeededFuture(payload + " of " + task.key()))));
            try (CommandProcess bare = console(folder, pipeline.settings());
                    CommandProcess keyed = console(folder, pipeline.settings(), "parse.key=true", "key.separator=|");
                    CommandProcess events = console(folder, pipeline.settings(), "parse.headers=true")) {
                bare.tell("1\n");
                keyed.tell("example.org|2\n");
                events.tell("""
                        ce_specversion:1.0,ce_id:binary,ce_type:echo,ce_time:2026-11-22T08:00:00Z\t3
                        content-type:application/cloudevents+json\t{"specversion":"1.0","id":"structured","type":"echo","data":4}
                        """);
                for (CommandProcess each : List.of(bare, keyed, events)) {
                    assertThat(each.exitCode()).as(each::err).isZero();
                }
            }

            String results = pipeline.settings().topics().results();
            await().atMost(PATIENCE).until(() -> pipeline.read(results).size() == 4);
            List<TaskResult> found = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : pipeline.read(results)) {
                found.add(TaskResult.read(record));
            }
            assertThat(found).allMatch(TaskResult::succeeded);
            assertThat(found)
                    .extracting(result -> new String(result.json(), UTF_8))
                    .containsExactlyInAnyOrder(
                            "\"1 of null\"", "\"2 of example.org\"", "\"3 of null\"", "\"4 of null\"");
            assertThat(found).extracting(TaskResult::taskId).contains("binary", "structured");
        }
    }

    private static CommandProcess console(Path folder, Settings settings, String... readerProperties) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--bootstrap-server",
                String.valueOf(settings.kafka().get("bootstrap.servers")),
                "--topic",
                settings.topic()));
        for (String property : readerProperties) {
            arguments.addAll(List.of("--reader-property", property));
        }
        Path jars = Path.of(Objects.requireNonNull(ConsoleProducerTest.class.getResource("/console-producer"))
                .toURI());
        return CommandProcess.startOn(
                jars + "/*",
                folder,
                Map.of(),
                "org.apache.kafka.tools.ConsoleProducer",
                arguments.toArray(String[]::new));
    }
}
