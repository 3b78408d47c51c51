package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The real {@code sluice} command, or a program of the tests, in a JVM of its own, with what it wrote; closing it ends it,
 * whatever it does.
 */
public final class CommandProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Path out;
    private final Path err;

    private CommandProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts it in this folder, which takes its output, too. */
    static CommandProcess start(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        return start(folder, environment, Main.class, arguments);
    }

    /** Starts a program in this folder, which takes its output and comes first on its class path. */
    public static CommandProcess start(
            Path folder, Map<String, String> environment, Class<?> program, String... arguments) throws IOException {
        return start(folder, environment, System.getProperty("java.class.path"), program, arguments);
    }

    /** Starts a program with another class path. */
    static CommandProcess start(
            Path folder, Map<String, String> environment, String classPath, Class<?> program, String... arguments)
            throws IOException {
        return startOn(folder + File.pathSeparator + classPath, folder, environment, program.getName(), arguments);
    }

    /** Starts a program that has nothing of this JVM's class path. */
    static CommandProcess startOn(
            String classPath, Path folder, Map<String, String> environment, String program, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        if (Runtime.version().feature() >= 24) {
            // As the launcher does.
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        // The class path has the tests' configuration, too.
        command.add("-Dlogback.configurationFile=logback.xml");
        command.addAll(List.of("-cp", classPath, program));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_") || name.startsWith("JAVA_TOOL"));
        builder.environment().putAll(environment);
        return new CommandProcess(
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start(), out, err);
    }

    /** A port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public void awaitErr(String text) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            String written = err();
            assertThat(written).contains(text);
        });
    }

    /** @param pattern of a part of what was written */
    public void awaitErrLike(String pattern) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(err()).containsPattern(pattern));
    }

    /** @param name as {@code kill} takes it: INT, TERM, KILL, STOP */
    public void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    /** All that it is told on its stdin. */
    void tell(String input) throws IOException {
        try (Writer stdin = process.outputWriter(UTF_8)) {
            stdin.write(input);
        }
    }

    /** Its exit code, once it has ended. */
    public int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(() -> "it ends; it said: " + err())
                .isTrue();
        return process.exitValue();
    }

    /** What it reads. */
    OutputStream in() {
        return process.getOutputStream();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public String out() {
        return read(out);
    }

    public String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
