package io.sluice.producer.form;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.record.NewTask;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a line does not say itself is said for all of them, and what it says wins. */
class TaskDefaultsTest {
    private static final Instant EIGHT = Instant.parse("2030-01-31T08:00:00Z");
    private static final Instant NINE = Instant.parse("2030-01-31T09:00:00Z");

    @Test
    void aLineThatSaysNothingHasAllOfThem() throws Exception {
        TaskDefaults defaults = new TaskDefaults("scan", "get", KeyRule.always("k"), false, EIGHT, NINE);

        assertThat(task(defaults, "{\"payload\":1}"))
                .usingRecursiveComparison()
                .isEqualTo(new NewTask("1", "scan", "k", "1".getBytes(UTF_8), EIGHT, NINE));
        assertThat(task(defaults, "http://h/"))
                .usingRecursiveComparison()
                .isEqualTo(new NewTask("1", "get", "k", "{\"url\":\"http://h/\"}".getBytes(UTF_8), EIGHT, NINE));
    }

    @Test
    void whatALineSaysWins() throws Exception {
        TaskDefaults defaults = new TaskDefaults("scan", "get", KeyRule.field("no.such"), false, EIGHT, NINE);

        assertThat(task(
                        defaults,
                        "{\"id\":\"i\",\"type\":\"t\",\"key\":\"own\",\"notBefore\":\"2031-01-01T00:00:00Z\","
                                + "\"expires\":\"2032-01-01T00:00:00Z\",\"payload\":1}"))
                .usingRecursiveComparison()
                .isEqualTo(new NewTask(
                        "i",
                        "t",
                        "own",
                        "1".getBytes(UTF_8),
                        Instant.parse("2031-01-01T00:00:00Z"),
                        Instant.parse("2032-01-01T00:00:00Z")));
    }

    @Test
    void whatALineSaysMustFitWhatItDoesNot() throws Exception {
        TaskDefaults defaults = new TaskDefaults("scan", "get", KeyRule.none(), false, null, NINE);

        assertThatThrownBy(() -> task(defaults, "{\"notBefore\":\"2031-01-01T00:00:00Z\",\"payload\":1}"))
                .hasMessage(
                        "list:1:1: expires is 2030-01-31T09:00:00Z, but the task is not due before 2031-01-01T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":[1]}", "[1,2]", "42", "\"text\"", "null", "{\"payload\":1}"})
    void aBareLineIsThePayloadAsItIs(String line) throws Exception {
        assertThat(task(bare(KeyRule.none()), "  " + line + "\r\n").payload())
                .asString(UTF_8)
                .isEqualTo(line);
    }

    @Test
    void amongBareLinesAUrlIsStillAUrl() throws Exception {
        assertThat(task(bare(KeyRule.none()), "https://h:8443/").key()).isEqualTo("h:8443");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a":|list:1:6: not JSON
            example.org|list:1:1: not JSON
            {"a":1} {"b":2}|list:1:1: there is more after the end of the JSON
            """)
    void aBareLineThatIsNoJsonIsNamed(String line, String message) {
        assertThatThrownBy(() -> task(bare(KeyRule.none()), line)).hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            id             | 7
            customer.id    | c-1
            /customer/id   | c-1
            items.1.sku    | b
            /items/0/sku   | a
            /a.b           | dot
            /with~1slash   | slash
            with/slash     | slash
            big            | 12345678901234567890
            """)
    void aKeyIsFoundInThePayload(String path, String key) throws Exception {
        assertThat(task(bare(KeyRule.field(path)), """
                        {"id": 7, "customer": {"id": "c-1"}, "items": [{"sku": "a"}, {"sku": "b"}], "a.b": "dot", \
                        "with/slash": "slash", "big": 12345678901234567890}""").key()).isEqualTo(key);
    }

    @Test
    void theUrlCanBeItsOwnKey() throws Exception {
        TaskDefaults defaults = new TaskDefaults("t", "fetch", KeyRule.field("url"), false, null, null);

        assertThat(task(defaults, "http://h/").key()).isEqualTo("http://h/");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"customer":1}            | the payload has no customer.id to be the key
            7                         | the payload has no customer.id to be the key
            {"customer":{"id":null}}  | the payload's customer.id, which is to be the key, is neither text nor number
            {"customer":{"id":{}}}    | the payload's customer.id, which is to be the key, is neither text nor number
            {"customer":{"id":""}}    | the payload's customer.id is empty
            """)
    void aPayloadWithoutTheKeyIsABadLine(String line, String message) {
        assertThatThrownBy(() -> task(bare(KeyRule.field("customer.id")), line))
                .isInstanceOf(BadLine.class)
                .hasMessageStartingWith("list:1:1: " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a..b", ".a", "a.", "/", "/a/"})
    void aPathThatNamesNoFieldIsRefused(String path) {
        assertThatThrownBy(() -> KeyRule.field(path))
                .isInstanceOf(BadTask.class)
                .hasMessageContaining("--key-from is \"" + path + "\"");
    }

    private static TaskDefaults bare(KeyRule key) {
        return new TaskDefaults("t", "fetch", key, true, null, null);
    }

    private static NewTask task(TaskDefaults defaults, String line) throws Exception {
        TaskLines.Rules rules = new TaskLines.Rules(defaults, Long::toString, false);
        try (TaskLines lines = new TaskLines("list", new ByteArrayInputStream(line.getBytes(UTF_8)), rules)) {
            return Objects.requireNonNull(lines.next());
        }
    }
}
