package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.record.HeaderNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A file that is submitted to a pipeline's topic, and what a witness can see of that: the topic and the journal. */
final class SubmittedFile {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestPipeline pipeline;
    private final Path folder;
    private final Path path;

    SubmittedFile(TestPipeline pipeline, Path folder, String name, String content) throws IOException {
        this.pipeline = pipeline;
        this.folder = folder;
        this.path = Files.writeString(folder.resolve(name), content);
    }

    /** One with so many tasks, a line each. */
    static SubmittedFile of(TestPipeline pipeline, Path folder, int lines) throws IOException {
        return new SubmittedFile(
                pipeline,
                folder,
                "tasks.ndjson",
                IntStream.rangeClosed(1, lines)
                        .mapToObj(line -> "{\"key\":\"k" + line % 97 + "\",\"payload\":" + line + "}\n")
                        .collect(Collectors.joining()));
    }

    Path path() {
        return path;
    }

    Path journal() {
        return path.resolveSibling(path.getFileName() + ".sluice-progress");
    }

    /** In this JVM. */
    CommandRun submit(String... options) throws IOException {
        Path settings = Files.writeString(folder.resolve("sluice.yaml"), """
                topic: %s
                kafka: { bootstrap.servers: "%s" }
                types: { silent: { results: none }, quiet: { results: failures } }
                """.formatted(
                        pipeline.settings().topic(), pipeline.settings().kafka().get("bootstrap.servers")));
        List<String> arguments = new ArrayList<>(List.of("submit", path.toString(), "--config", settings.toString()));
        arguments.addAll(List.of(options));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    /** In a process of its own that sends no more than a few thousand tasks a second, so that there is time to disturb it. */
    CommandProcess submitSlowly(String... options) throws IOException {
        Map<String, String> slow = new HashMap<>(environment(pipeline));
        slow.put("SLUICE_PRODUCER_MAX_BUFFERED", "100");
        slow.put("SLUICE_KAFKA_LINGER_MS", "30");
        List<String> arguments = new ArrayList<>(List.of("submit", path.toString()));
        arguments.addAll(List.of(options));
        return CommandProcess.start(folder, slow, arguments.toArray(String[]::new));
    }

    static Map<String, String> environment(TestPipeline pipeline) {
        return Map.of(
                "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                String.valueOf(pipeline.settings().kafka().get("bootstrap.servers")),
                "SLUICE_TOPIC",
                pipeline.settings().topic());
    }

    /** Waits until the journal has more than so many lines. */
    void awaitJournalled(int lines) {
        await().atMost(PATIENCE).until(() -> journalled().cardinality() > lines);
    }

    /** The lines that the journal says the broker has; read by the words of its description alone. */
    BitSet journalled() throws IOException {
        BitSet lines = new BitSet();
        if (Files.exists(journal())) {
            String text = Files.readString(journal());
            text.substring(0, text.lastIndexOf('\n') + 1).lines().skip(1).forEach(entry -> {
                int dash = entry.indexOf('-');
                int last = Integer.parseInt(entry.substring(dash + 1));
                lines.set(dash < 0 ? last : Integer.parseInt(entry.substring(0, dash)), last + 1);
            });
        }
        return lines;
    }

    /** What the id of this line's task must be. */
    String id(int line) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
        return HexFormat.of().formatHex(hash).substring(0, 16) + "-" + line;
    }

    /** How often each id is in the topic. */
    Map<String, Long> ids() {
        return records().stream().collect(groupingBy(record -> header(record, HeaderNames.ID), counting()));
    }

    /** The same by the number of the line, for a file without ids of its own. */
    Map<Integer, Long> lines() throws Exception {
        String prefix = id(0).replaceAll("0$", "");
        Map<Integer, Long> lines = new HashMap<>();
        ids().forEach((id, count) -> {
            assertThat(id).startsWith(prefix);
            lines.put(Integer.parseInt(id.substring(prefix.length())), count);
        });
        return lines;
    }

    List<ConsumerRecord<byte[], byte[]>> records() {
        return pipeline.read(pipeline.settings().topics().tasks());
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return String.valueOf(HeaderNames.text(record.headers(), name));
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
