package io.sluice.standalone.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Runs what a container would run by its shell, beside commands that only seem to be what they are called. */
final class Shell {
    private final Path commands;

    /** @param commands a folder that is empty */
    Shell(Path commands) {
        this.commands = commands;
    }

    /** From now on there is a command of this name. */
    void define(String name, String script) throws IOException {
        Path file = commands.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    }

    /** What it said, and behind it its exit code. No other commands are found than those defined. */
    String run(String script, Map<String, String> variables) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", script).redirectErrorStream(true);
        shell.environment().putAll(variables);
        shell.environment().put("PATH", commands.toString());
        Process process = shell.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return said + process.waitFor();
    }
}
