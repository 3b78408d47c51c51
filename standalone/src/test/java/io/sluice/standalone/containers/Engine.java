package io.sluice.standalone.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The {@code docker} command. Blocks. */
final class Engine {
    private static final long ANSWER_SECONDS = 30;
    private static final long MOST_MINUTES = 30;

    private Engine() {}

    /** Skips the test, with a message, where no engine answers. */
    static void assumeAnswers() {
        assumeTrue(answers(), "no container engine answers: 'docker version' fails");
    }

    private static boolean answers() {
        try {
            Process version = new ProcessBuilder("docker", "version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return version.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS) && version.exitValue() == 0;
            } finally {
                version.destroyForcibly();
            }
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs {@code docker} with these arguments in a folder, and returns all that it said; fails if it does. */
    static String docker(Path folder, String... arguments) {
        return docker(folder, Map.of(), List.of(arguments));
    }

    /** As {@link #docker(Path, String...)}, with these variables besides those of this process. */
    static String docker(Path folder, Map<String, String> variables, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(arguments);
        try {
            Path said = Files.createTempFile("docker", ".txt");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile());
                builder.environment().putAll(variables);
                Process process = builder.start();
                try {
                    boolean ended = process.waitFor(MOST_MINUTES, TimeUnit.MINUTES);
                    String text = Files.readString(said, StandardCharsets.UTF_8);
                    assertThat(ended).as(text).isTrue();
                    assertThat(process.exitValue()).as(command + ": " + text).isZero();
                    return text;
                } finally {
                    process.destroyForcibly();
                }
            } finally {
                Files.delete(said);
            }
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", command) + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A port of this machine that was free just now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
