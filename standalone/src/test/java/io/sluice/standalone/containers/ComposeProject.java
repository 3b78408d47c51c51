package io.sluice.standalone.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The project's own compose file, brought up under a name of its own beside whatever else runs here. Closing it takes
 * away its containers, networks and volumes. Blocks.
 */
final class ComposeProject implements AutoCloseable {
    private final String name = "sluice-" + UUID.randomUUID().toString().substring(0, 8);
    private final Path added;
    private final Map<String, String> variables;
    private final Path deaths;
    private final Process events;

    private ComposeProject(Path added, Map<String, String> variables, Path deaths) throws IOException {
        this.added = added;
        this.variables = variables;
        this.deaths = deaths;
        this.events = new ProcessBuilder(
                        "docker",
                        "events",
                        "--filter",
                        "event=die",
                        "--filter",
                        "label=com.docker.compose.project=" + name,
                        "--format",
                        "{{index .Actor.Attributes \"com.docker.compose.service\"}} {{.Actor.Attributes.exitCode}}")
                .redirectOutput(deaths.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /**
     * A project of which nothing runs yet.
     *
     * @param added a compose file over the project's own
     * @param variables for both
     * @param deaths the file that is told of containers that end
     */
    static ComposeProject of(Path added, Map<String, String> variables, Path deaths) throws IOException {
        return new ComposeProject(added, variables, deaths);
    }

    /** Runs a command of compose, and returns what it said. */
    String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("compose", "--progress", "plain", "-p", name));
        command.addAll(List.of("-f", "docker-compose.yml", "-f", added.toString()));
        command.addAll(List.of(arguments));
        return Engine.docker(Images.repository(), variables, command);
    }

    /** The services of which a container has ended so far, and with what exit code, as {@code consumer 0}. */
    List<String> ended() throws IOException {
        return Files.readAllLines(deaths);
    }

    @Override
    public void close() {
        try {
            run("--profile", "*", "down", "--volumes", "--remove-orphans");
        } finally {
            events.destroy();
            events.onExit().join();
        }
    }
}
