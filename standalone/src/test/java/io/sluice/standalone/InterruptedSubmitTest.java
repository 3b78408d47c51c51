package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A {@code submit} that is stopped, killed or disturbed in the middle, and what {@code --resume} makes of it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals")
class InterruptedSubmitTest {
    @TempDir
    Path folder;

    @Test
    void whatASignalStopsIsResumedAndEveryTaskIsThereOnce() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            int lines = 20_000;
            SubmittedFile file = SubmittedFile.of(pipeline, folder, lines);
            try (CommandProcess submit = file.submitSlowly("--type", "t")) {
                file.awaitJournalled(500);

                // It must not come to its end meanwhile, however long that takes.
                submit.signal("STOP");
                CommandRun second = file.submit("--type", "t");
                assertThat(second.exitCode()).isEqualTo(2);
                assertThat(second.err()).contains("another process is submitting this file");

                submit.signal("INT");
                submit.signal("CONT");
                assertThat(submit.exitCode()).as(submit::err).isEqualTo(130);
                int sent = file.journalled().cardinality();
                assertThat(sent).isBetween(501, lines - 1);
                assertThat(file.lines()).as("all that is there is journalled").hasSize(sent);
                assertThat(submit.err())
                        .contains(
                                "Stopping on SIGINT",
                                sent + " of 20000 tasks submitted; the same command with --resume sends the rest")
                        .doesNotContain("\tat ", "WARN", "ERROR");
            }
            refusesAllBut(file, "--type", "t");
            int sent = file.journalled().cardinality();
            try (CommandProcess submit = file.submitSlowly("--type", "t", "--resume")) {
                file.awaitJournalled(sent + 500);
                submit.signal("TERM");
                assertThat(submit.exitCode()).as(submit::err).isEqualTo(143);
            }

            CommandRun rest = file.submit("--type", "t", "--resume");

            assertThat(rest.exitCode()).as(rest::err).isZero();
            assertThat(rest.err()).contains("20000 of 20000 tasks submitted");
            assertThat(file.lines()).hasSize(lines).containsOnlyKeys(allOf(lines));
            assertThat(file.lines().values()).containsOnly(1L);
            assertThat(file.journal()).doesNotExist();
        }
    }

    private static void refusesAllBut(SubmittedFile file, String... options) throws Exception {
        String journal = Files.readString(file.journal());
        CommandRun anew = file.submit(options);
        assertThat(anew.exitCode()).isEqualTo(2);
        assertThat(anew.err()).contains("an earlier submission of this file came to", "--resume sends the rest");
        CommandRun another = file.submit("--type", "other", "--resume");
        assertThat(another.exitCode()).isEqualTo(2);
        assertThat(another.err()).contains("--type was t and is other");
        assertThat(file.journal()).hasContent(journal);
    }

    @Test
    void aFileThatIsChangedWhileItIsSentIsNoticedAndNotResumed() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            SubmittedFile file = SubmittedFile.of(pipeline, folder, 10_000);
            try (CommandProcess submit = file.submitSlowly()) {
                file.awaitJournalled(200);
                try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
                    // The last line's number, which is still a number then.
                    channel.write(ByteBuffer.wrap(new byte[] {'9'}), channel.size() - 3);
                }

                assertThat(submit.exitCode()).as(submit::err).isEqualTo(1);
                assertThat(submit.err())
                        .contains("10000 of 10000 tasks submitted, but " + file.path() + " was changed meanwhile");
            }
            CommandRun resumed = file.submit("--resume");
            assertThat(resumed.exitCode()).isEqualTo(2);
            assertThat(resumed.err()).contains("the file has been changed since");
        }
    }

    @Test
    void whatIsAppendedWhileAFileIsSentIsNoPartOfIt() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            SubmittedFile file = SubmittedFile.of(pipeline, folder, 5_000);
            String id = file.id(5_000);
            try (CommandProcess submit = file.submitSlowly()) {
                file.awaitJournalled(200);
                Files.writeString(file.path(), "{\"payload\":1}\nnonsense", StandardOpenOption.APPEND);

                assertThat(submit.exitCode()).as(submit::err).isZero();
                assertThat(submit.err())
                        .contains("5000 of 5000 tasks submitted")
                        .doesNotContain("nonsense");
            }
            assertThat(file.ids()).hasSize(5_000).containsKey(id);
        }
    }

    @Test
    @Tag("chaos")
    void whatAKillLeavesIsResumedAndNothingIsSentTwiceThatTheJournalHas() throws Exception {
        int lines = 50_000;
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            SubmittedFile file = SubmittedFile.of(pipeline, folder, lines);
            Map<Integer, Long> copies = Map.of();
            for (int round = 0; round < 3; round++) {
                BitSet journalledBefore = file.journalled();
                Map<Integer, Long> before = copies;
                try (CommandProcess submit = round == 0 ? file.submitSlowly() : file.submitSlowly("--resume")) {
                    file.awaitJournalled(journalledBefore.cardinality() + random.nextInt(5_000));
                    submit.signal("KILL");
                    assertThat(submit.exitCode()).as("seed %d", seed).isEqualTo(137);
                }
                copies = file.lines();
                assertThat(copies)
                        .as("what is journalled is there, seed %d", seed)
                        .containsKeys(file.journalled().stream().boxed().toArray(Integer[]::new));
                assertUnrepeated(journalledBefore.stream().boxed().toList(), before, copies, seed);
            }
            BitSet journalled = file.journalled();

            CommandRun rest = file.submit("--resume");

            assertThat(rest.exitCode()).as(rest::err).isZero();
            Map<Integer, Long> all = file.lines();
            assertThat(all).as("seed %d", seed).containsOnlyKeys(allOf(lines));
            assertUnrepeated(journalled.stream().boxed().toList(), copies, all, seed);
            long repeats = all.values().stream().mapToLong(count -> count - 1).sum();
            assertThat(repeats).as("at most what is unacknowledged at a kill").isLessThanOrEqualTo(3 * 2 * 100);
            assertThat(file.journal()).doesNotExist();
        }
    }

    private static void assertUnrepeated(
            Iterable<Integer> journalled, Map<Integer, Long> before, Map<Integer, Long> after, long seed) {
        assertThat(journalled)
                .as("none that was journalled is sent again, seed %d", seed)
                .allSatisfy(
                        line -> assertThat(after.get(line)).as("line %d", line).isEqualTo(before.get(line)));
    }

    @Test
    @Tag("chaos")
    void aMillionLinesNeedNoMoreMemoryThanAFew() throws Exception {
        int lines = 1_000_000;
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            SubmittedFile file = SubmittedFile.of(pipeline, folder, 0);
            try (BufferedWriter out = Files.newBufferedWriter(file.path())) {
                String filling = "x".repeat(60);
                for (int line = 1; line <= lines; line++) {
                    out.write("{\"payload\":\"" + filling + line + "\"}\n");
                }
            }
            assertThat(Files.size(file.path())).as("more than the heap").isGreaterThan(64 << 20);
            Map<String, String> environment = new HashMap<>(SubmittedFile.environment(pipeline));
            environment.put("JAVA_TOOL_OPTIONS", "-Xmx64m -XX:+ExitOnOutOfMemoryError");

            try (CommandProcess submit = CommandProcess.start(
                    folder, environment, "submit", file.path().toString())) {
                assertThat(submit.exitCode()).as(submit::err).isZero();
                assertThat(submit.err()).contains("1000000 of 1000000 tasks submitted");
            }
        }
    }

    private static Integer[] allOf(int lines) {
        return IntStream.rangeClosed(1, lines).boxed().toArray(Integer[]::new);
    }
}
