package io.sluice.producer.form;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.record.NewTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskLinesTest {
    @Test
    void aUrlIsATaskToFetchWhoseKeyIsItsHost() throws Exception {
        List<NewTask> tasks = read("https://Example.org/a?b=c\nhttp://example.org:8080/\nhttp://[::1]:80\n");
        assertThat(tasks).extracting(NewTask::type).containsOnly("fetch");
        assertThat(tasks).extracting(NewTask::key).containsExactly("example.org", "example.org:8080", "[::1]");
        assertThat(tasks).extracting(NewTask::id).containsExactly("line-1", "line-2", "line-3");
        assertThat(tasks.get(0).payload()).asString(UTF_8).isEqualTo("{\"url\":\"https://Example.org/a?b=c\"}");
    }

    @Test
    void aPortThatTheSchemeHasAnywayIsNoPartOfTheKey() throws Exception {
        assertThat(read("HTTP://h:80/\nhttps://h:443/\nhttp://h/\nhttp://h:443/\nhttps://h:80/\n"))
                .extracting(NewTask::key)
                .containsExactly("h", "h", "h", "h:443", "h:80");
    }

    @Test
    void aPasswordInAUrlIsNoPartOfTheKey() throws Exception {
        assertThat(read("https://me:secret@example.org/"))
                .extracting(NewTask::key)
                .containsExactly("example.org");
    }

    @Test
    void aUrlWithBracesIsTakenForAUrlAllTheSame() throws Exception {
        assertThatThrownBy(() -> read("https://example.org/{id}")).hasMessageContaining("not a URL");
    }

    @Test
    void aJsonLineIsATaskWithItsOwnIdOrThatOfItsLine() throws Exception {
        List<NewTask> tasks = read("""
                {"payload": {"n": 1}}
                {"id": "mine", "type": "thumbnail", "key": "k", "payload": [1], "notBefore": "2026-11-22T10:00:00Z", \
                "expires": "2026-11-22T12:00:00+01:00"}
                """);
        assertThat(tasks).extracting(NewTask::id).containsExactly("line-1", "mine");
        assertThat(tasks).extracting(NewTask::type).containsExactly("default", "thumbnail");
        assertThat(tasks).extracting(NewTask::key).containsExactly(null, "k");
        assertThat(tasks.get(1).notBefore()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
        assertThat(tasks.get(1).expiry()).isEqualTo(Instant.parse("2026-11-22T11:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"a\" : [1, {}] }",
                "12345678901234567890.12345678901234567890",
                "1.10",
                "\"a \\u00e9 \\\" }, é 😀\"",
                "null",
                "true",
                "[]",
                "\"\""
            })
    void aPayloadIsPassedOnCharacterForCharacter(String payload) throws Exception {
        for (String line : List.of(
                "{\"payload\":" + payload + "}",
                "{ \"payload\" :\t" + payload + " , \"key\": \"k\" }",
                "{\"key\":\"é😀\",\"payload\": " + payload + ",\"type\":\"t\"}")) {
            assertThat(read(line).get(0).payload()).asString(UTF_8).isEqualTo(payload);
        }
    }

    @Test
    void aLargePayloadIsPassedOnCharacterForCharacter() throws Exception {
        String payload = "{\"text\":\"" + "é😀x".repeat(50_000) + "\"}";
        assertThat(read("{\"payload\":" + payload + "}").get(0).payload())
                .asString(UTF_8)
                .isEqualTo(payload);
    }

    @Test
    void blankLinesAndCommentsAreSkippedButCounted() throws Exception {
        List<NewTask> tasks = read("# my list\n\n  \t\nhttp://a/\r\n  # {more}\n  http://b/  \n");
        assertThat(tasks).extracting(NewTask::id).containsExactly("line-4", "line-6");
        assertThat(tasks).extracting(NewTask::key).containsExactly("a", "b");
    }

    @Test
    void theLastLineNeedsNoEnd() throws Exception {
        assertThat(read("http://a/\nhttp://b/")).hasSize(2);
        assertThat(read("")).isEmpty();
        assertThat(read("\n")).isEmpty();
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstLine() throws Exception {
        assertThat(read("\uFEFFhttp://a/\n")).extracting(NewTask::key).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
                    `    htp:/x`|list:1:5: not a URL: "htp:/x"
                    example.org|list:1:1: not a URL: "example.org"
                    http:///path|list:1:1: not a URL: "http:///path"
                    http://a b/|list:1:1: not a URL: "http://a b/"
                    http://a:99999/|list:1:1: not a URL: "http://a:99999/"
                    {"key": "k"}|list:1:12: payload is missing
                    {"payload": 1, "kee": "k"}|list:1:16: unknown field "kee"; did you mean "key"?
                    {"payload": 1, "key": 7}|list:1:23: key is not a text
                    {"payload": 1, "key": ""}|list:1:23: key is empty; leave it out or give it a value
                    {"payload": 1, "id": "a\\nb"}|list:1:22: id has control characters
                    {"payload": 1, "id": "\\ud800"}|list:1:22: id has half a surrogate pair, which no UTF-8 can hold
                    {"payload": 1, "payload": 2}|list:1:16: payload is there twice
                    {"payload": 1} {}|list:1:16: there is more after the task's end
                    [{"payload": 1}]|list:1:1: a task is a JSON object, {"payload": …}
                    {"payload": x}|list:1:13: not JSON: Unrecognized token 'x'
                    {"payload": {"a": 1|list:1:20: not JSON: Unexpected end-of-input
                    {"payload": 1, "expires": "soon"}|list:1:27: expires is "soon"; give an RFC 3339 time
                    """)
    void aBadLineIsNamedByLineAndColumn(String line, String message) {
        assertThatThrownBy(() -> read(line))
                .isInstanceOf(BadLine.class)
                .hasMessageStartingWith(message)
                .message()
                .hasLineCount(1);
    }

    @Test
    void aTaskThatExpiresBeforeItIsDueIsRefused() {
        assertThatThrownBy(() -> read("{\"payload\":1,\"expires\":\"2026-01-01T00:00:00Z\","
                        + "\"notBefore\":\"2026-01-02T00:00:00Z\"}"))
                .isInstanceOf(BadLine.class)
                .hasMessageContaining("expires is 2026-01-01T00:00:00Z, but the task is not due before 2026-01-02");
    }

    @Test
    void theFirstFaultEndsItUnlessTheRulesSayOtherwise() throws Exception {
        String text = "http://a/\nnonsense\n{\"payload\":}\nhttp://b/\n";
        try (TaskLines lines = lines(text.getBytes(UTF_8), true)) {
            assertThat(all(lines)).extracting(NewTask::key).containsExactly("a", "b");
            assertThat(lines.faultCount()).isEqualTo(2);
            assertThat(lines.faults())
                    .extracting(BadLine::getMessage)
                    .satisfiesExactly(
                            first -> assertThat(first).startsWith("list:2:1: not a URL"),
                            second -> assertThat(second).startsWith("list:3:12: not JSON"));
        }
        assertThatThrownBy(() -> read(text)).hasMessageStartingWith("list:2:1:");
    }

    @Test
    void faultsWithoutEndAreCountedButNotKept() throws Exception {
        try (TaskLines lines = lines("x\n".repeat(10_000).getBytes(UTF_8), true)) {
            assertThat(all(lines)).isEmpty();
            assertThat(lines.faultCount()).isEqualTo(10_000);
            assertThat(lines.faults()).hasSize(100);
        }
    }

    @Test
    void bytesThatAreNoUtf8AreRefusedAtTheirColumn() throws Exception {
        byte[] text = "http://a/\nhttp://é/_\nhttp://b/\n".getBytes(UTF_8);
        text[new String(text, UTF_8).indexOf('_') + 1] = (byte) 0xFF;
        try (TaskLines lines = lines(text, true)) {
            assertThat(all(lines)).extracting(NewTask::key).containsExactly("a", "b");
            assertThat(lines.faults()).extracting(BadLine::getMessage).containsExactly("list:2:10: not UTF-8");
        }
    }

    @Test
    void aLineWithoutEndCostsBoundedMemoryAndTheNextIsRead() throws Exception {
        String text = "http://a/" + "x".repeat(3 * Lines.LONGEST) + "\nhttp://b/\n";
        try (TaskLines lines = lines(text.getBytes(UTF_8), true)) {
            assertThat(all(lines)).extracting(NewTask::key).containsExactly("b");
            assertThat(lines.faults())
                    .extracting(BadLine::getMessage)
                    .containsExactly("list:1:1: the line is longer than 1048576 bytes");
        }
    }

    @Test
    void noMoreIsReadThanIsAskedFor() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("reads in blocks");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                reads.incrementAndGet();
                byte[] line = "http://a/\n".getBytes(UTF_8);
                System.arraycopy(line, 0, buffer, offset, line.length);
                return line.length;
            }
        };
        try (TaskLines lines = new TaskLines("stdin", endless, rules(false))) {
            assertThat(lines.next()).isNotNull();
            assertThat(lines.next()).isNotNull();
            assertThat(lines.line()).isEqualTo(2);
        }
        assertThat(reads.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void whatIsAtHandIsHadWithoutWaitingForMore() throws Exception {
        PipedOutputStream writer = new PipedOutputStream();
        try (TaskLines lines = new TaskLines("stdin", new PipedInputStream(writer), rules(true))) {
            writer.write("http://a/\nhttp://b/\nnonsense\n# end\nhttp://".getBytes(UTF_8));
            assertThat(lines.nextAtHand()).as("nothing was read yet").isNull();
            assertThat(lines.next()).extracting(NewTask::key).isEqualTo("a");
            assertThat(lines.nextAtHand()).extracting(NewTask::key).isEqualTo("b");
            assertThat(lines.nextAtHand()).as("the rest is no whole line").isNull();
            assertThat(lines.faultCount()).isEqualTo(1);
            writer.write("c/".getBytes(UTF_8));
            writer.close();
            assertThat(lines.next()).extracting(NewTask::key).isEqualTo("c");
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path folder) throws Exception {
        Path missing = folder.resolve("urls.txt");
        assertThatThrownBy(() -> TaskLines.open(missing, rules(false)))
                .isInstanceOf(IOException.class)
                .hasMessage(missing + " does not exist");
        assertThatThrownBy(() -> TaskLines.open(folder, rules(false)))
                .isInstanceOf(IOException.class)
                .hasMessage(folder + " is a folder, not a file");
        Files.writeString(missing, "http://a/\n");
        try (TaskLines lines = TaskLines.open(missing, rules(false))) {
            assertThat(all(lines)).hasSize(1);
        }
    }

    private static List<NewTask> read(String text) throws IOException, BadLine {
        try (TaskLines lines = lines(text.getBytes(UTF_8), false)) {
            return all(lines);
        }
    }

    private static List<NewTask> all(TaskLines lines) throws IOException, BadLine {
        List<NewTask> tasks = new ArrayList<>();
        for (NewTask task = lines.next(); task != null; task = lines.next()) {
            tasks.add(task);
        }
        return tasks;
    }

    private static TaskLines lines(byte[] text, boolean keepGoing) {
        return new TaskLines("list", new ByteArrayInputStream(text), rules(keepGoing));
    }

    private static TaskLines.Rules rules(boolean keepGoing) {
        return new TaskLines.Rules(TaskDefaults.of("default"), number -> "line-" + number, keepGoing);
    }
}
