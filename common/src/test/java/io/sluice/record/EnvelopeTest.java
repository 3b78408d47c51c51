package io.sluice.record;

import static io.sluice.record.Records.consumed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
    private static final String STRUCTURED = "application/cloudevents+json";

    @Test
    void aBareJsonValueIsATaskWithDefaults() throws Undecodable {
        Envelope task = Envelope.read(consumed("{\"url\":\"https://example.org/\"}"), "fetch");
        assertThat(task.id(consumed("{}"))).isEqualTo("tasks-2-7");
        assertThat(task.type()).isEqualTo("fetch");
        assertThat(task.notBefore()).isNull();
        assertThat(task.expiry()).isNull();
        assertThat(task.data()).asString(UTF_8).isEqualTo("{\"url\":\"https://example.org/\"}");
    }

    @Test
    void binaryModeIsReadFromTheHeaders() throws Undecodable {
        Envelope task = Envelope.read(
                consumed(
                        "{}",
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        "täsk 1",
                        "ce_type",
                        "thumbnail",
                        "ce_notbefore",
                        "2026-11-22T10:00:00Z",
                        "ce_expirytime",
                        "2026-11-22T13:00:00.5+02:00",
                        "content-type",
                        "application/json"),
                "fetch");
        assertThat(task.ownId()).isEqualTo("täsk 1");
        assertThat(task.type()).isEqualTo("thumbnail");
        assertThat(task.notBefore()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
        assertThat(task.expiry()).isEqualTo(Instant.parse("2026-11-22T11:00:00.5Z"));
    }

    @Test
    void anEmptyIdOrTypeIsAMissingOne() throws Undecodable {
        Envelope task = Envelope.read(consumed("{}", "ce_id", "", "ce_type", ""), "fetch");
        assertThat(task.id(consumed("{}"))).isEqualTo("tasks-2-7");
        assertThat(task.type()).isEqualTo("fetch");
    }

    @Test
    void ofHeadersThatRepeatTheLastCounts() throws Undecodable {
        assertThat(Envelope.read(consumed("{}", "ce_id", "a", "ce_id", "b"), "fetch")
                        .ownId())
                .isEqualTo("b");
    }

    @Test
    void aRecordWithoutAValueHasNoData() throws Undecodable {
        assertThat(Envelope.read(consumed(null), "fetch").data()).isNull();
    }

    @Test
    void thePayloadIsNotLookedInto() throws Undecodable {
        assertThat(Envelope.read(consumed("no JSON at all"), "fetch").data())
                .asString(UTF_8)
                .isEqualTo("no JSON at all");
    }

    @ParameterizedTest
    @ValueSource(strings = {STRUCTURED, "application/cloudevents+json; charset=utf-8", "Application/CloudEvents+JSON"})
    void structuredModeIsReadFromTheValue(String contentType) throws Undecodable {
        Envelope task = Envelope.read(consumed("""
                        {"specversion": "1.0", "id": "42", "type": "thumbnail", "source": "/me",
                         "notbefore": "2026-11-22T10:00:00Z", "expirytime": "2026-11-22T11:00:00Z",
                         "data": {"width": 64}}""", "content-type", contentType), "fetch");
        assertThat(task.ownId()).isEqualTo("42");
        assertThat(task.type()).isEqualTo("thumbnail");
        assertThat(task.notBefore()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
        assertThat(task.expiry()).isEqualTo(Instant.parse("2026-11-22T11:00:00Z"));
        assertThat(task.data()).asString(UTF_8).isEqualTo("{\"width\":64}");
    }

    @Test
    void structuredModeHasTheSameDefaults() throws Undecodable {
        Envelope task = Envelope.read(consumed("{\"data\": 1}", "content-type", STRUCTURED), "fetch");
        assertThat(task.id(consumed("{}"))).isEqualTo("tasks-2-7");
        assertThat(task.type()).isEqualTo("fetch");
        assertThat(task.data()).asString(UTF_8).isEqualTo("1");
    }

    @Test
    void structuredDataMayBeBase64() throws Undecodable {
        Envelope task = Envelope.read(consumed("{\"data_base64\": \"e30=\"}", "content-type", STRUCTURED), "fetch");
        assertThat(task.data()).asString(UTF_8).isEqualTo("{}");
    }

    @Test
    void structuredModeWithoutDataHasNone() throws Undecodable {
        assertThat(Envelope.read(consumed("{\"id\": \"a\"}", "content-type", STRUCTURED), "fetch")
                        .data())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"id":                                | the structured CloudEvent is not JSON: line 1, column
                    [1]                                   | the structured CloudEvent is not a JSON object
                    {"id": 7}                             | id of the structured CloudEvent is not a text
                    {"type": {}}                          | type of the structured CloudEvent is not a text
                    {"specversion": "0.3"}                | CloudEvents version '0.3' is not supported, only 1.x is
                    {"specversion": 1.0}                  | specversion of the structured CloudEvent is not a text
                    {"notbefore": "tomorrow"}             | notbefore is 'tomorrow', which is no RFC 3339 time
                    {"expirytime": "2026-11-22"}          | expirytime is '2026-11-22', which is no RFC 3339 time
                    {"data_base64": "%%%"}                | data_base64 of the structured CloudEvent is not base64
                    {"data_base64": {}}                   | data_base64 of the structured CloudEvent is not base64
                    """)
    void aStructuredEventThatMakesNoSenseIsRefused(String value, String message) {
        assertRefused(consumed(value, "content-type", STRUCTURED), message);
    }

    @Test
    void aStructuredEventWithoutAValueIsRefused() {
        assertRefused(consumed(null, "content-type", STRUCTURED), "the structured CloudEvent is not a JSON object");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ce_specversion | 2.0        | CloudEvents version '2.0' is not supported, only 1.x is
                    ce_notbefore   | 1790000000 | ce_notbefore is '1790000000', which is no RFC 3339 time
                    ce_expirytime  | never      | ce_expirytime is 'never', which is no RFC 3339 time
                    """)
    void aBinaryEventThatMakesNoSenseIsRefused(String header, String value, String message) {
        assertRefused(consumed("{}", header, value), message);
    }

    @Test
    void aRefusalIsOneShortLineWhateverTheInput() {
        assertThatThrownBy(() -> Envelope.read(consumed("{}", "ce_notbefore", "x".repeat(10_000)), "fetch"))
                .isInstanceOf(Undecodable.class)
                .message()
                .hasLineCount(1)
                .hasSizeLessThan(150);
    }

    @Test
    void evenARefusedRecordHasAnIdAndAType() {
        ConsumerRecord<byte[], byte[]> record = consumed("{}", "ce_id", "a", "ce_specversion", "9");
        Envelope task = Envelope.ofUndecodable(record, "fetch");
        assertThat(task.id(record)).isEqualTo("a");
        assertThat(task.type()).isEqualTo("fetch");
        assertThat(task.data()).isSameAs(record.value());
    }

    private static void assertRefused(ConsumerRecord<byte[], byte[]> record, String message) {
        assertThatThrownBy(() -> Envelope.read(record, "fetch"))
                .isInstanceOf(Undecodable.class)
                .hasMessageStartingWith(message)
                .message()
                .hasLineCount(1);
    }
}
