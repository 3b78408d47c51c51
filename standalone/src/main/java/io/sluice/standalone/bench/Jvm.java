package io.sluice.standalone.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Java process that works until its standard input ends, and says what goes wrong on its other streams, which are kept in a file. Blocks.
 */
final class Jvm implements AutoCloseable {
    private static final long END_SECONDS = 60;
    private static final int LAST_LINES = 3;

    private final String name;
    private final Process process;
    private final Path said;

    private Jvm(String name, Process process, Path said) {
        this.name = name;
        this.process = process;
        this.said = said;
    }

    /**
     * @param program what it runs, and how
     * @param said the file that is to have its output
     */
    static Jvm start(Program program, List<String> arguments, Path said) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(program.flags());
        command.addAll(List.of("-cp", program.classPath(), program.mainClass()));
        command.addAll(arguments);
        try {
            return new Jvm(
                    program.name(),
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .start(),
                    said);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0), e);
        }
    }

    /** @throws IllegalStateException with its last words, if it has ended already */
    void mustRun() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "the process of " + name + " has ended with exit code " + process.exitValue() + ": " + lastWords());
        }
    }

    /** All that it has said so far. */
    String said() {
        try {
            // It may be in the middle of a character.
            return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of what it has said, on one line; of a failure its messages, not where it came by. */
    String lastWords() {
        List<String> lines = said().lines()
                .filter(line -> !line.isBlank() && !line.startsWith("\t"))
                .map(String::strip)
                .toList();
        return lines.isEmpty()
                ? "it has said nothing"
                : String.join(" / ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    /** As {@code kill -9}; returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /**
     * Ends its input and waits for its own end.
     *
     * @throws IllegalStateException if it does not end well
     */
    void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException itHasEnded) {
            // Its exit code says how.
        }
        if (!awaitEnd() || process.exitValue() != 0) {
            String how = process.isAlive() ? "does not end" : "has ended with exit code " + process.exitValue();
            throw new IllegalStateException("the process of " + name + " " + how + ": " + lastWords());
        }
    }

    private boolean awaitEnd() {
        try {
            return process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** It is gone when this returns, in whatever way. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
