package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code sluice producer} in a process of its own, which takes tasks in for a pipeline. Several start at the same time. */
final class ProducerProcess implements AutoCloseable {
    private static final Pattern INTAKE = Pattern.compile("(https?://127\\.0\\.0\\.1:(\\d+))/v1/tasks");

    private final CommandProcess process;

    private ProducerProcess(CommandProcess process) {
        this.process = process;
    }

    /** @param variables settings beside those that name the pipeline */
    static ProducerProcess start(Path folder, Settings pipeline, Map<String, String> variables) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                String.valueOf(pipeline.kafka().get("bootstrap.servers")),
                "SLUICE_TOPIC",
                pipeline.topic(),
                "SLUICE_DEFAULT_TYPE",
                pipeline.defaultType()));
        environment.putAll(variables);
        return new ProducerProcess(CommandProcess.start(folder, environment, "producer", "--port", "0"));
    }

    /** Where it listens, once it does. */
    String url() {
        return intake().group(1);
    }

    /** The port it listens on, once it does. */
    int port() {
        return Integer.parseInt(intake().group(2));
    }

    private Matcher intake() {
        process.awaitErr("/v1/tasks");
        Matcher intake = INTAKE.matcher(process.err());
        assertThat(intake.find()).as(process::err).isTrue();
        return intake;
    }

    /** {@code kill -9}; returns when it is gone. */
    void kill() {
        process.close();
    }

    @Override
    public void close() {
        kill();
    }
}
