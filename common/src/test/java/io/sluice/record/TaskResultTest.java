package io.sluice.record;

import static io.sluice.record.Records.consumed;
import static io.sluice.record.Records.header;
import static io.sluice.record.Records.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskResultTest {
    private static final Envelope TASK = new Envelope("t-1", "fetch", null, null, null);
    private static final byte[] OUTPUT = "{\"title\":\"Überschrift\"}".getBytes(UTF_8);

    @Test
    void aSuccessThatIsWrittenIsReadAgain() throws Undecodable {
        TaskResult result =
                TaskResult.read(written(TaskResult.succeeded("tasks.results", consumed("{}"), TASK, 3, OUTPUT, null)));
        assertThat(result.taskId()).isEqualTo("t-1");
        assertThat(result.type()).isEqualTo("fetch");
        assertThat(result.succeeded()).isTrue();
        assertThat(result.attempts()).isEqualTo(3);
        assertThat(result.value().get("title").textValue()).isEqualTo("Überschrift");
    }

    @Test
    void aFailureThatIsWrittenIsReadAgain() throws Undecodable {
        Failure failure = new Failure(
                "exhausted", 5, "a \"quoted\" cause", new IllegalStateException(), Instant.EPOCH, Instant.EPOCH);
        TaskResult result =
                TaskResult.read(written(TaskResult.failed("tasks.results", consumed("{}"), TASK, failure, null)));
        assertThat(result.succeeded()).isFalse();
        assertThat(result.attempts()).isEqualTo(5);
        assertThat(result.value().get("reason").textValue()).isEqualTo("exhausted");
        assertThat(result.value().get("attempts").intValue()).isEqualTo(5);
        assertThat(result.value().get("message").textValue()).isEqualTo("a \"quoted\" cause");
    }

    @Test
    void aResultIsOneLineOfJsonHoweverItWasWritten() throws Undecodable {
        TaskResult result =
                TaskResult.read(consumed("{\"price\":\n 1.10}", "ce_subject", "t \"1\"", "ce_type", "fetch.succeeded"));
        assertThat(result.toLine())
                .isEqualTo("{\"taskId\":\"t \\\"1\\\"\",\"type\":\"fetch\",\"succeeded\":true,\"attempts\":0,"
                        + "\"value\":{\"price\":  1.10}}");
    }

    @Test
    void aResultBecomesAnObjectOfTheCallersClass() throws Undecodable {
        TaskResult result =
                TaskResult.read(consumed("{\"title\":\"a\"}", "ce_subject", "t-1", "ce_type", "fetch.succeeded"));
        assertThat(result.as(Page.class)).isEqualTo(new Page("a"));
        assertThatThrownBy(() -> result.as(Integer.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the result of task t-1 is no Integer: ");
    }

    private record Page(String title) {}

    @Test
    void theRecordIsACloudEventAboutTheTask() {
        ConsumerRecord<byte[], byte[]> task = consumed("{}", "traceparent", "00-a-b-01", "tracestate", "a=1");
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        ProducerRecord<byte[], byte[]> record =
                TaskResult.succeeded("tasks.results", task, TASK, 1, OUTPUT, TraceContext.of(task.headers()));
        assertThat(record.topic()).isEqualTo("tasks.results");
        assertThat(record.key()).isEqualTo(task.key());
        assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
        assertThat(header(record, "ce_id")).isEqualTo("t-1.0");
        assertThat(header(record, "ce_type")).isEqualTo("fetch.succeeded");
        assertThat(header(record, "ce_subject")).isEqualTo("t-1");
        assertThat(header(record, "ce_source")).isEqualTo("/sluice/tasks");
        assertThat(Instant.parse(header(record, "ce_time"))).isBetween(before, Instant.now());
        assertThat(header(record, "traceparent")).isEqualTo("00-a-b-01");
        assertThat(header(record, "tracestate")).isEqualTo("a=1");
    }

    @Test
    void aRedrivenTasksResultHasAnIdOfItsOwn() throws Undecodable {
        ConsumerRecord<byte[], byte[]> task = consumed("{}", "ce_id", "t-1", "sluice-redrives", "2");
        ProducerRecord<byte[], byte[]> record =
                TaskResult.succeeded("tasks.results", task, Envelope.read(task, "fetch"), 1, OUTPUT, null);
        assertThat(header(record, "ce_id")).isEqualTo("t-1.2");
    }

    @ParameterizedTest
    @CsvSource({"fetch.succeeded.failed, fetch.succeeded, false", "a.b.succeeded, a.b, true"})
    void onlyTheLastSuffixSaysWhatBecameOfIt(String ceType, String type, boolean succeeded) throws Undecodable {
        TaskResult result = TaskResult.read(consumed("{}", "ce_subject", "t-1", "ce_type", ceType));
        assertThat(result.type()).isEqualTo(type);
        assertThat(result.succeeded()).isEqualTo(succeeded);
    }

    @Test
    void aRecordThatIsNoResultIsRefused() {
        assertRefused(consumed("{}"), "no task's result");
        assertRefused(consumed("{}", "ce_subject", "t-1"), "no task's result");
        assertRefused(consumed("{}", "ce_type", "fetch.succeeded"), "no task's result");
        assertRefused(consumed("{}", "ce_subject", "t-1", "ce_type", "fetch"), "no task's result");
        assertRefused(
                consumed("{", "ce_subject", "t-1", "ce_type", "fetch.failed"), "the result of task t-1 is not JSON");
        assertRefused(
                consumed("{}", "ce_subject", "t-1", "ce_type", "fetch.failed", "sluice-attempts", "many"),
                "sluice-attempts is no number");
    }

    private static void assertRefused(ConsumerRecord<byte[], byte[]> record, String message) {
        assertThatThrownBy(() -> TaskResult.read(record))
                .isInstanceOf(Undecodable.class)
                .hasMessageStartingWith(message);
    }
}
