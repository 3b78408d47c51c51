package io.sluice.producer.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cli.UsageFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
    private static final JournalHeader HEADER = new JournalHeader(
            "abc", "cluster", "tasks", Map.of("--key", "é"), Instant.parse("2026-11-22T10:00:00Z"), 1_000);

    @TempDir
    Path folder;

    private Path path = Path.of("");

    @BeforeEach
    void path() {
        path = folder.resolve("tasks.ndjson.sluice-progress");
    }

    @Test
    void whatWasAppendedIsFoundByTheOneThatResumes() throws Exception {
        try (Journal journal = Journal.begin(path, HEADER)) {
            assertThat(journal.sent().isEmpty()).isTrue();
            append(journal, 1, 2, 3, 5, 7, 8);
            append(journal, 4);
        }
        try (Journal journal = Journal.resume(path, later())) {
            assertThat(journal.sent()).isEqualTo(lines(1, 2, 3, 4, 5, 7, 8));
            assertThat(journal.started()).isEqualTo(HEADER.started());
            append(journal, 6);
        }
        try (Journal journal = Journal.resume(path, later())) {
            assertThat(journal.sent()).isEqualTo(lines(1, 2, 3, 4, 5, 6, 7, 8));
        }
        assertThat(Files.readString(path)).startsWith("sluice-progress 1 {").endsWith("}\n1-3\n5\n7-8\n4\n6\n");
    }

    @Test
    void aRandomHistoryComesBackWhole() throws Exception {
        Random random = new Random(7);
        BitSet expected = new BitSet();
        for (int run = 0; run < 5; run++) {
            try (Journal journal = run == 0 ? Journal.begin(path, HEADER) : Journal.resume(path, later())) {
                assertThat(journal.sent()).isEqualTo(expected);
                for (int turn = 0; turn < 50; turn++) {
                    int[] some = random.ints(40, 1, 10_000).sorted().distinct().toArray();
                    journal.append(some, some.length);
                    for (int line : some) {
                        expected.set(line);
                    }
                }
            }
        }
        try (Journal journal = Journal.resume(path, later())) {
            assertThat(journal.sent()).isEqualTo(expected);
        }
    }

    @Test
    void anEntryThatWasTornOffDoesNotCountWhereverItWasTorn() throws Exception {
        try (Journal journal = Journal.begin(path, HEADER)) {
            append(journal, 1, 2, 3);
            append(journal, 500, 501, 502);
        }
        String whole = Files.readString(path);
        String good = whole.substring(0, whole.indexOf("500-502"));
        for (int length = good.length(); length < whole.length(); length++) {
            Files.writeString(path, whole.substring(0, length));
            try (Journal journal = Journal.resume(path, later())) {
                assertThat(journal.sent()).isEqualTo(lines(1, 2, 3));
                append(journal, 9);
            }
            assertThat(Files.readString(path)).as("torn at %d", length).isEqualTo(good + "9\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x\n7\n", "5-3\n7\n", "0\n7\n", "-7\n7\n", "7 \n7\n", "99999999999\n7\n", "\n7\n", "\0\0\0\n7\n"
            })
    void nothingCountsFromWhereItCannotBeRead(String rest) throws Exception {
        try (Journal journal = Journal.begin(path, HEADER)) {
            append(journal, 1);
        }
        Files.writeString(path, Files.readString(path) + rest);

        try (Journal journal = Journal.resume(path, later())) {
            assertThat(journal.sent()).isEqualTo(lines(1));
        }
    }

    @Test
    void oneThatWasKilledBeforeItSentAnythingIsBegunAnew() throws Exception {
        try (Journal journal = Journal.begin(path, HEADER)) {
            append(journal, 1);
        }
        String header = Files.readAllLines(path).get(0);
        for (int length = 0; length <= header.length(); length++) {
            Files.writeString(path, header.substring(0, length));
            assertThatCode(() -> Journal.check(path, false)).doesNotThrowAnyException();
            try (Journal journal = Journal.begin(path, HEADER)) {
                assertThat(journal.sent().isEmpty()).isTrue();
            }
            assertThat(path).as("it says nothing, so it is not left").doesNotExist();
        }
    }

    @Test
    void oneThatIsLeftIsNotOverwritten() throws Exception {
        try (Journal journal = Journal.begin(path, HEADER)) {
            append(journal, 1, 2, 3);
        }
        String before = Files.readString(path);
        String message = "an earlier submission of this file came to 3 of 1000 tasks: --resume sends the rest; delete "
                + path + " to submit everything anew";

        assertThatThrownBy(() -> Journal.check(path, false))
                .isInstanceOf(UsageFault.class)
                .hasMessage(message);
        assertThatThrownBy(() -> Journal.begin(path, HEADER))
                .isInstanceOf(UsageFault.class)
                .hasMessage(message);
        assertThatCode(() -> Journal.check(path, true)).doesNotThrowAnyException();
        assertThat(path).hasContent(before);
    }

    @Test
    void thereMustBeOneToResume() {
        assertThatThrownBy(() -> Journal.check(path, true)).hasMessageStartingWith("there is nothing to resume");
        assertThatThrownBy(() -> Journal.resume(path, HEADER)).hasMessageStartingWith("there is nothing to resume");
        assertThat(path).doesNotExist();
    }

    @Test
    void itIsResumedWithWhatItWasBegunWithOrNotAtAll() throws Exception {
        try (Journal journal = Journal.begin(path, HEADER)) {
            append(journal, 1);
        }
        JournalHeader other = new JournalHeader(
                "def", "another", "jobs", Map.of("--key", "e", "--bare", "given"), Instant.EPOCH, 1_000);

        assertThatThrownBy(() -> Journal.resume(path, other))
                .isInstanceOf(UsageFault.class)
                .hasMessage(
                        path + " is of another submission: the file has been changed since; the topic was tasks and is"
                                + " jobs; the Kafka cluster was cluster and is another; --bare was not given and is given; --key was"
                                + " é and is e. Resume with what it was begun with, or delete it to submit everything anew");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my notes",
                "my notes\n1-3\n",
                "sluice-progress 2 {}\n",
                "sluice-progress 1 {\n",
                "sluice-progress 1 {}\n"
            })
    void aFileOfAnybodyElseIsLeftAlone(String content) throws Exception {
        Files.writeString(path, content);

        for (boolean resume : new boolean[] {true, false}) {
            assertThatThrownBy(() -> Journal.check(path, resume))
                    .isInstanceOf(UsageFault.class)
                    .hasMessageContaining(path + " was not written by this version of submit");
        }
        assertThatThrownBy(() -> Journal.begin(path, HEADER)).isInstanceOf(UsageFault.class);
        assertThat(path).hasContent(content);
    }

    @Test
    void twoAtOnceAreOneTooMany() throws Exception {
        try (Journal journal = Journal.begin(path, HEADER)) {
            append(journal, 1);
            for (boolean resume : new boolean[] {true, false}) {
                assertThatThrownBy(() -> Journal.check(path, resume))
                        .isInstanceOf(UsageFault.class)
                        .hasMessage("another process is submitting this file: it holds " + path);
            }
            assertThatThrownBy(() -> Journal.resume(path, later())).hasMessageStartingWith("another process");
        }
        assertThatCode(() -> Journal.check(path, true)).doesNotThrowAnyException();
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamedWithTheOptionThatNamesAnother() {
        Path nowhere = folder.resolve("no/such/folder");

        assertThatThrownBy(() -> Journal.begin(nowhere, HEADER))
                .isInstanceOf(UsageFault.class)
                .hasMessage("the progress cannot be written to " + nowhere
                        + " (no such folder); name a file that can be with --journal");
        assertThatThrownBy(() -> Journal.begin(folder, HEADER)).hasMessageContaining("--journal");
    }

    @Test
    void whatIsDoneLeavesNothing() throws Exception {
        try (Journal journal = Journal.begin(path, HEADER)) {
            append(journal, 1);
            journal.delete();
        }
        assertThat(path).doesNotExist();
    }

    /** The header of the run that resumes: all but the time is the same. */
    private static JournalHeader later() {
        return new JournalHeader(
                HEADER.sha256(), HEADER.cluster(), HEADER.topic(), HEADER.options(), Instant.now(), HEADER.tasks());
    }

    private static void append(Journal journal, int... lines) throws Exception {
        journal.append(lines, lines.length);
    }

    private static BitSet lines(int... lines) {
        BitSet set = new BitSet();
        for (int line : lines) {
            set.set(line);
        }
        return set;
    }
}
