package io.sluice.standalone.containers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The project's own compose file, brought up under a name of its own beside whatever else runs here. Closing it takes
 * away its containers, networks and volumes.
 */
final class ComposeProject implements AutoCloseable {
    /** Longer than any container's stop_grace_period. */
    private static final Duration DOWN = Duration.ofMinutes(3);

    private final String name = "sluice-" + UUID.randomUUID().toString().substring(0, 8);
    private final Path root;
    private final Path logs;
    private final List<String> files;
    private final Map<String, String> variables;
    private final Process events;

    private ComposeProject(Path root, Path logs, List<String> files, Map<String, String> variables) throws IOException {
        this.root = root;
        this.logs = logs;
        this.files = files;
        this.variables = variables;
        this.events = process(List.of(
                        "docker",
                        "events",
                        "--filter",
                        "event=die",
                        "--filter",
                        "label=com.docker.compose.project=" + name,
                        "--format",
                        "{{index .Actor.Attributes \"com.docker.compose.service\"}} {{.Actor.Attributes.exitCode}}"))
                .redirectOutput(deaths().toFile())
                .start();
    }

    /**
     * A project of which nothing runs yet.
     *
     * @param logs an empty folder
     * @param override what is added to the project's own compose file
     */
    static ComposeProject of(Path root, Path logs, Path override, Map<String, String> variables) throws IOException {
        return new ComposeProject(root, logs, List.of("docker-compose.yml", override.toString()), variables);
    }

    /** Runs a command of compose, and returns what it printed to stdout. */
    String run(Duration atMost, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker", "compose", "--progress", "plain", "-p", name));
        files.forEach(file -> command.addAll(List.of("-f", file)));
        command.addAll(List.of(arguments));
        return output(command, atMost);
    }

    /** What the containers that have ended so far ended with, by service, as {@code consumer 0}. */
    List<String> ended() throws IOException {
        return Files.readAllLines(deaths());
    }

    private Path deaths() {
        return logs.resolve("deaths");
    }

    private String output(List<String> command, Duration atMost) throws Exception {
        File out = Files.createTempFile(logs, "compose", ".out").toFile();
        File err = Files.createTempFile(logs, "compose", ".err").toFile();
        Process process =
                process(command).redirectOutput(out).redirectError(err).start();
        if (!process.waitFor(atMost.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("not done within " + atMost + ": " + command + "\n" + text(err));
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("exit code " + process.exitValue() + ": " + command + "\n" + text(err));
        }
        return text(out);
    }

    private static String text(File file) throws IOException {
        return Files.readString(file.toPath());
    }

    private ProcessBuilder process(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
        builder.environment().putAll(variables);
        return builder;
    }

    /** What the services have logged, for whoever has to find out why a test failed. */
    String tail() throws Exception {
        return run(Duration.ofSeconds(60), "logs", "--no-color", "--tail", "60")
                .lines()
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() throws Exception {
        try {
            run(DOWN, "--profile", "*", "down", "--volumes", "--remove-orphans");
        } finally {
            events.destroy();
            events.waitFor();
        }
    }
}
