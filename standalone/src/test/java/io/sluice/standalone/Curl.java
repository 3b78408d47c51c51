package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** The real curl, as anybody has it. Its answers are those of the last response. */
record Curl(Path folder) {
    /** Skips the test if this machine has none. */
    static Curl in(Path folder) {
        boolean there;
        try {
            there = new ProcessBuilder("curl", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            there = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while curl was looked for", e);
        }
        assumeTrue(there, "there is no curl on this machine");
        return new Curl(folder);
    }

    /** @param head the response's status line and headers, in lower case */
    record Answer(String head, String body) {
        int status() {
            return Integer.parseInt(head.split(" ", 3)[1].strip());
        }

        @Nullable
        String header(String name) {
            return head.lines()
                    .filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse(null);
        }

        JsonObject json() {
            return new JsonObject(body);
        }

        List<JsonObject> lines() {
            return body.lines().map(JsonObject::new).toList();
        }
    }

    /** Runs it to its end, which must be a good one. */
    Answer run(String... arguments) throws Exception {
        Running running = start(arguments);
        running.stdin().close();
        return running.end();
    }

    Running start(String... arguments) throws IOException {
        Path head = Files.createTempFile(folder, "head", ".txt");
        Path complaints = Files.createTempFile(folder, "curl", ".txt");
        List<String> command = new ArrayList<>(
                List.of("curl", "-sS", "-N", "--noproxy", "*", "--max-time", "120", "-D", head.toString()));
        command.addAll(List.of(arguments));
        return new Running(
                new ProcessBuilder(command).redirectError(complaints.toFile()).start(), head, complaints);
    }

    /** One that runs, and whose answer is read line by line meanwhile. */
    static final class Running {
        private final Process process;
        private final Path head;
        private final Path complaints;
        private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
        private final Thread reader = new Thread(this::read, "curl-reader");

        private Running(Process process, Path head, Path complaints) {
            this.process = process;
            this.head = head;
            this.complaints = complaints;
            reader.start();
        }

        private void read() {
            try (BufferedReader out = process.inputReader(UTF_8)) {
                out.lines().forEach(lines::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        OutputStream stdin() {
            return process.getOutputStream();
        }

        /** How many lines it has answered so far. */
        int answered() {
            return lines.size();
        }

        Answer end() throws Exception {
            assertThat(process.waitFor())
                    .as(() -> "curl ends well; it said: " + text(complaints))
                    .isZero();
            reader.join();
            // Before it there can be a 100, and each ends with an empty line.
            String heads = text(head).replace("\r", "").strip();
            return new Answer(
                    heads.substring(heads.lastIndexOf("\n\n") + 1).strip().toLowerCase(Locale.ROOT),
                    String.join("\n", lines));
        }

        private static String text(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
