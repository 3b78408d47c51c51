package io.sluice.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX shell script")
class LauncherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> TOOLS =
            List.of("sh", "cat", "dirname", "find", "head", "mkdir", "mv", "readlink", "rm", "sed", "sleep", "touch");

    /** Says its version; otherwise prints each argument on a line of its own. */
    private static final String JAVA = "if [ \"$1\" = -version ]; then echo 'openjdk version \"%s\" 2025-01-01' >&2;"
            + " else printf '%%s\\n' \"$@\"; fi";

    /** Leaves a mark, waits while it is told to, and leaves what the build would. */
    private static final String MAVEN = """
            echo build >>"$PROJECT/builds"
            echo 'from Maven'
            while [ -e "$PROJECT/hold" ]; do sleep 1; done
            mkdir -p "$PROJECT/standalone/target/lib"
            touch "$PROJECT/standalone/target/sluice-standalone-1.jar"
            """;

    @TempDir
    Path folder;

    private Path project;
    private Path bin;

    @BeforeEach
    void makeProject() throws IOException {
        project = Files.createDirectories(folder.resolve("a project")).toRealPath();
        bin = Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(project.resolve("standalone/src/main"));
        Files.writeString(project.resolve("pom.xml"), "");
        Files.writeString(project.resolve("standalone/pom.xml"), "");
        Files.copy(Path.of("..", "sluice"), project.resolve("sluice"));
        assertThat(project.resolve("sluice").toFile().setExecutable(true)).isTrue();
        for (String tool : TOOLS) {
            script(tool, "exec " + onPath(tool) + " \"$@\"");
        }
        script("java", JAVA.formatted("17.0.1"));
        script("javac", "exit 0");
        script("mvn", MAVEN);
    }

    @Test
    void theFirstStartBuildsAndLaterOnesDoNot() throws Exception {
        assertThat(run().err()).isEqualTo("sluice: building Sluice (first use) …\n");
        assertThat(run().err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void argumentsReachTheApplicationUnharmed() throws Exception {
        assertThat(run("demo", "two words", "*", "").out())
                .endsWith("\nio.sluice.standalone.Main\ndemo\ntwo words\n*\n\n")
                .contains("\n" + project + "/standalone/target/sluice-standalone-1.jar:" + project
                        + "/standalone/target/lib/*\n")
                .doesNotContain("Maven");
    }

    @Test
    void aNewerSourceIsBuiltAgain() throws Exception {
        run();
        Files.setLastModifiedTime(project.resolve("standalone/target/.built"), FileTime.from(Instant.EPOCH));

        assertThat(run().err()).isEqualTo("sluice: building Sluice (its sources changed) …\n");
        assertThat(run().err()).isEmpty();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aFailedBuildShowsWhatMavenSaidAndStartsNothing() throws Exception {
        script("mvn", "echo 'cannot find symbol'; exit 1");

        Outcome failed = run();

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).contains("cannot find symbol\nsluice: the build failed");
        script("mvn", MAVEN);
        assertThat(run().status()).isZero();
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        Files.createFile(project.resolve("hold"));
        Run first = start(project.resolve("sluice"));
        await().atMost(PATIENCE).until(() -> builds() == 1);
        Run second = start(project.resolve("sluice"));
        await().atMost(PATIENCE)
                .until(() -> Files.readString(second.err()).contains("waiting for another build of Sluice"));
        Files.delete(project.resolve("hold"));

        assertThat(first.outcome().status()).isZero();
        assertThat(second.outcome().status()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aLockWhoseOwnerIsDeadStopsNobody() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path lock = Files.createDirectories(project.resolve("standalone/target/.building"));
        Files.writeString(lock.resolve("owner"), dead.pid() + "\n");

        assertThat(run().status()).isZero();
        assertThat(lock).doesNotExist();
    }

    @Test
    void aSymbolicLinkFindsTheProject() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), project.resolve("sluice"));

        assertThat(start(link).outcome().status()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void missingToolsAreNamedWithTheirRemedy() throws Exception {
        Files.delete(bin.resolve("mvn"));
        assertMissing("sluice: mvn was not found, and Sluice must be built first; install Maven 3.8 or newer\n");
        Files.delete(bin.resolve("javac"));
        assertMissing("sluice: javac was not found, and Sluice must be built first;"
                + " install a JDK 17 or newer, a JRE is not enough\n");
        Files.delete(bin.resolve("java"));
        assertMissing("sluice: java was not found; install a JDK 17 or newer, or set JAVA_HOME to one\n");
    }

    @Test
    void anOldJavaIsNamedWithItsRemedy() throws Exception {
        script("java", JAVA.formatted("11.0.2"));
        assertMissing("sluice: " + bin + "/java is Java 11; install a JDK 17 or newer, or set JAVA_HOME to one\n");
    }

    @Test
    void aNewJavaIsToldNotToWarn() throws Exception {
        assertThat(run().out()).doesNotContain("--enable-native-access");
        script("java", JAVA.formatted("25"));
        assertThat(run().out()).contains("--enable-native-access=ALL-UNNAMED");
    }

    private void assertMissing(String message) throws Exception {
        assertThat(run()).isEqualTo(new Outcome(127, "", message));
    }

    private Outcome run(String... arguments) throws Exception {
        return start(project.resolve("sluice"), arguments).outcome();
    }

    private Run start(Path launcher, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("PROJECT", project.toString());
        Path out = Files.createTempFile(folder, "run", ".out");
        Path err = Files.createTempFile(folder, "run", ".err");
        return new Run(
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start(), out, err);
    }

    private void script(String name, String body) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private int builds() throws IOException {
        Path marks = project.resolve("builds");
        return Files.exists(marks) ? Files.readAllLines(marks).size() : 0;
    }

    private static Path onPath(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(entry -> Path.of(entry, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private record Run(Process process, Path out, Path err) {
        Outcome outcome() throws Exception {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("The launcher did not end; it said: " + Files.readString(err));
            }
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        }
    }

    private record Outcome(int status, String out, String err) {}
}
