package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code sluice producer} in a process of its own, which takes tasks in for a pipeline. */
record ProducerProcess(CommandProcess process, String url, int port) implements AutoCloseable {
    private static final Pattern INTAKE = Pattern.compile("(https?://127\\.0\\.0\\.1:(\\d+))/v1/tasks");

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
        CommandProcess process = CommandProcess.start(folder, environment, "producer", "--port", "0");
        process.awaitErr("/v1/tasks");
        Matcher intake = INTAKE.matcher(process.err());
        assertThat(intake.find()).as(process::err).isTrue();
        return new ProducerProcess(process, intake.group(1), Integer.parseInt(intake.group(2)));
    }

    /** {@code kill -9}; returns when it is gone. */
    @Override
    public void close() {
        process.close();
    }
}
