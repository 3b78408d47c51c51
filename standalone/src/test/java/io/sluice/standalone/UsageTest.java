package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Help, and what somebody may get wrong on the command line: exit code 2 and words that name it, never a stack trace. */
class UsageTest {
    @TempDir
    Path folder;

    @Test
    void theRootListsItsCommands() {
        CommandRun help = CommandRun.of("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .startsWith("Usage: sluice")
                .contains(
                        "A message-queue worker pipeline",
                        "demo ",
                        "bench ",
                        "token ",
                        "up ",
                        "consumer ",
                        "producer ",
                        "submit ",
                        "topics ",
                        "pause ",
                        "resume ");
    }

    @ParameterizedTest
    @CsvSource({
        "demo,     Fetches real pages",
        "bench,    Measures a consumer",
        "up,       Runs a Kafka broker",
        "consumer, Runs consumers until",
        "producer, Takes tasks in",
        "submit,   Submits tasks",
        "topics,   Creates and checks",
        "topics create, Creates the topics that are missing",
        "topics check, Says what is wrong",
        "pause,    Pauses types",
        "resume,   Resumes types"
    })
    void everyCommandDescribesItself(String command, String description) {
        CommandRun help = CommandRun.of((command + " --help").split(" "));

        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).startsWith("Usage: sluice " + command).contains(description);
    }

    @Test
    void theVersionIsSaid() {
        assertThat(CommandRun.of("--version").out()).startsWith("sluice ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dmeo",
                "demo --pagse 3",
                "demo --pages many",
                "up 3",
                "consumer --consumers",
                "submit a b",
                "topics",
                "topics chekc",
                "topics create tasks",
                "topics create --partitions many",
                "topics check --partitions 3",
                "pause",
                "resume"
            })
    void anUnknownWordIsAnsweredWithTheWayToTheHelp(String line) {
        CommandRun run = CommandRun.of(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Try 'sluice", " --help'").doesNotContain("Usage:", "\tat ");
        assertThat(run.err().lines()).hasSizeBetween(2, 3);
    }

    @ParameterizedTest
    @CsvSource({
        "demo --pages 0,          --pages is 0",
        "demo --hosts -1,         --hosts is -1",
        "demo --per-host 0,       --per-host is 0",
        "demo --consumers 0,      --consumers is 0",
        "demo --timeout 0,        --timeout is 0",
        "demo --timeout 9999999,  --timeout is 9999999",
        "demo --per-host 100000,   --per-host is 100000",
        "demo --hosts 100000,      --hosts is 100000",
        "demo --pages 1 --out /no/such/folder/out, there is no folder /no/such/folder",
        "demo --pages 1 --out /,  / is a folder",
        "up --consumers 0,        --consumers is 0",
        "up --partitions 0,       --partitions is 0",
        "up --port 0,             --port is 0",
        "up --port 65536,         --port is 65536",
        "consumer --consumers 0,  --consumers is 0",
        "topics create --partitions 0,     --partitions is 0",
        "topics create --partitions 10001, --partitions is 10001",
        "topics create --replication 0,    --replication is 0",
        "topics create --replication 101,  --replication is 101",
        "submit --out x nothing,  --out needs --wait",
        "submit --timeout 5s nothing, --timeout needs --wait",
        "submit --wait --timeout soon nothing, '--timeout is \"soon\"; give a duration such as 250ms'",
        "submit --key k --key-from f nothing, --key and --key-from exclude each other",
        "submit --delay 5m --at 2030-01-01T00:00:00Z nothing, --delay and --at exclude each other",
        "submit --delay -5m nothing, --delay is \"-5m\"; give a duration",
        "submit --delay PT-5S nothing, --delay is \"PT-5S\"; give a duration",
        "submit --at tomorrow nothing, --at is \"tomorrow\"; give an RFC 3339 time",
        "submit --expires never nothing, --expires is \"never\"; give an RFC 3339 time",
        "submit --expires 2020-01-01T00:00:00Z nothing, '--expires is 2020-01-01T00:00:00Z, which is past'",
        "submit --expires 5m --delay 1h nothing, but the task is not due before",
        "submit --key-from a..b nothing, --key-from is \"a..b\"; name a field",
        "submit --resume -,       stdin can be read only once, so nobody can resume it",
        "submit --journal j -,    stdin can be read only once",
        "submit --resume nothing, there is nothing to resume"
    })
    void aValueThatCannotBeIsNamed(String line, String expected) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertOneLine(run, expected);
    }

    @Test
    void aBadLineOfAListIsNamedByFileLineAndColumn() throws Exception {
        Path list = folder.resolve("urls.txt");
        Files.writeString(list, "http://127.0.0.1/\n# a comment\n  htp:/x\n");

        assertOneLine(CommandRun.of("demo", "--urls", list.toString()), list + ":3:3: not a URL: \"htp:/x\"");
        assertOneLine(CommandRun.of("submit", list.toString()), list + ":3:3: not a URL: \"htp:/x\"");
    }

    @Test
    void aListThatCannotBeReadIsNamed() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.txt"), "# nothing\n\n");

        assertOneLine(CommandRun.of("demo", "--urls", folder + "/none"), folder + "/none does not exist");
        assertOneLine(CommandRun.of("demo", "--urls", folder.toString()), folder + " is a folder");
        assertOneLine(CommandRun.of("demo", "--urls", empty.toString()), empty + " names nothing to do");
        assertOneLine(CommandRun.of("submit", folder + "/none"), folder + "/none does not exist");
    }

    @Test
    void allFaultsOfTheSettingsAreSaidAtOnce() throws Exception {
        Path file = folder.resolve("sluice.yaml");
        Files.writeString(
                file,
                "consumer:\n  max-in-flihgt: 3\n  max-in-flight-per-key: 0\ntypes:\n  fetch:\n    timeout: soon\n");

        for (String command : List.of(
                "up", "consumer", "producer", "submit -", "topics create", "topics check", "pause x", "resume x")) {
            CommandRun run = CommandRun.of((command + " --config " + file).split(" "));
            assertThat(run.exitCode()).as(command).isEqualTo(2);
            assertThat(run.err())
                    .contains("consumer.max-in-flihgt", "max-in-flight-per-key", "types.fetch.timeout", "soon")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aProducerListensToOthersOnlyWithTokensAndTls() throws Exception {
        Path file = folder.resolve("sluice.yaml");
        Files.writeString(file, "producer: { host: 0.0.0.0, port: 0 }\n");

        CommandRun run = CommandRun.of("producer", "--config", file.toString());
        assertOneLine(run, "producer.host: 0.0.0.0 can be reached from other machines");
        assertThat(run.err()).hasLineCount(1).contains("sluice token", "producer.allow-insecure");
    }

    @Test
    void aFileOfTokensIsMadeByTheCommandAndItsBadLineIsNamed() throws Exception {
        Path tokens = folder.resolve("tokens.txt");
        CommandRun made = CommandRun.of("token", "crawler", "--add", tokens.toString());
        assertThat(made.exitCode()).isZero();
        assertThat(made.out().strip()).startsWith("sluice_").hasLineCount(1);

        Files.writeString(tokens, made.out());
        Path file = folder.resolve("sluice.yaml");
        Files.writeString(file, "producer: { port: 0, tokens-file: " + tokens + " }\n");
        CommandRun run = CommandRun.of("producer", "--config", file.toString());
        assertOneLine(run, tokens + ":1 must be NAME and 64 hexadecimal digits");
        assertThat(run.err()).doesNotContain(made.out().strip());
    }

    @Test
    void aMissingSettingsFileIsNamed() {
        assertOneLine(CommandRun.of("consumer", "--config", folder + "/none.yaml"), folder + "/none.yaml");
        assertOneLine(CommandRun.of("topics", "check", "--config", folder + "/none.yaml"), folder + "/none.yaml");
    }

    private static void assertOneLine(CommandRun run, String expected) {
        assertThat(run.err()).contains(expected).doesNotContain("\tat ", "Exception");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }
}
