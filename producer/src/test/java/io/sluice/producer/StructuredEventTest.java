package io.sluice.producer;

import static io.sluice.producer.HttpPort.assertProblem;
import static io.sluice.producer.client.Broker.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.producer.client.Broker;
import io.sluice.producer.client.Futures;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class StructuredEventTest {
    private static HttpResponse<Buffer> post(HttpPort http, String event) throws Exception {
        return Futures.await(http.post("/v1/tasks")
                .putHeader("content-type", "application/cloudevents+json; charset=UTF-8")
                .sendBuffer(Buffer.buffer(event)));
    }

    @Test
    void aCloudEventInOnePieceBecomesOneInBinaryMode() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            String event = """
                    {"specversion": "1.0", "id": "a", "type": "thumbnail", "source": "/me", "partitionkey": "example.org",
                     "notbefore": "2026-11-22T10:00:00Z", "expirytime": "2026-11-22T11:00:00Z", "subject": null,
                     "datacontenttype": "application/json", "priority": 5, "urgent": true, "comment": "a bé",
                     "data": {"width": 1.10}}
                    """;
            HttpResponse<Buffer> answer = post(http, event);
            assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
            ProducerRecord<byte[], byte[]> record = http.broker.history().get(0);
            assertThat(Broker.key(record)).isEqualTo("example.org");
            assertThat(Broker.value(record)).isEqualTo("{\"width\": 1.10}");
            assertThat(header(record, "ce_id")).isEqualTo("a");
            assertThat(header(record, "ce_type")).isEqualTo("thumbnail");
            assertThat(header(record, "ce_source")).isEqualTo("/me");
            assertThat(header(record, "ce_notbefore")).isEqualTo("2026-11-22T10:00:00Z");
            assertThat(header(record, "ce_expirytime")).isEqualTo("2026-11-22T11:00:00Z");
            assertThat(header(record, "ce_priority")).isEqualTo("5");
            assertThat(header(record, "ce_urgent")).isEqualTo("true");
            assertThat(header(record, "ce_comment")).isEqualTo("a bé");
            assertThat(header(record, "ce_subject")).isNull();
            assertThat(header(record, "content-type")).isEqualTo("application/json");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "data": [1, 2.0]            | [1, 2.0]
                    "data": "text"              | "text"
                    "data": null                | null
                    "data_base64": "eyJuIjoxfQ==" | {"n":1}
                    """)
    void thePayloadIsPassedOnAsItIs(String member, String payload) throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            assertThat(post(http, "{\"specversion\":\"1.0\"," + member + "}").statusCode())
                    .isEqualTo(202);
            assertThat(Broker.value(http.broker.history().get(0))).isEqualTo(payload);
            assertThat(header(http.broker.history().get(0), "ce_type")).isEqualTo("fetch");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    []                                              | a CloudEvent is a JSON object           |
                    nonsense                                        | line 1, column 1: not JSON              |
                    {"data":1}                                      | is missing; it must be 1.0              | specversion
                    {"specversion":"0.3","data":1}                  | must be 1.0                             | specversion
                    {"specversion":"1.0"}                           | is missing                              | data
                    {"specversion":"1.0","data":1,"data_base64":"MQ=="} | is there although there are data    | data_base64
                    {"specversion":"1.0","data_base64":"?"}         | is not base64                           | data_base64
                    {"specversion":"1.0","data_base64":"eA=="}      | has no payload: not JSON                | data_base64
                    {"specversion":"1.0","data":1,"type":["a"]}     | column 38: type is neither              | type
                    {"specversion":"1.0","data":1,"id":"a","id":"b"} | is there twice                         | id
                    {"specversion":"1.0","data":1,"Type":"a"}       | no name of an attribute: "Type"         |
                    {"specversion":"1.0","data":1,"id":"a\\r\\nx: y"} | has control characters                | id
                    {"specversion":"1.0","data":1,"note":"a\\u0000"} | has control characters                 | note
                    {"specversion":"1.0","data":1,"expirytime":"x"} | is "x"; give an RFC 3339 time           | expirytime
                    {"specversion":"1.0","data":1,"datacontenttype":"text/xml"} | but a payload is JSON       | datacontenttype
                    {"specversion":"1.0","data":1} {}               | more after the CloudEvent's end         |
                    """)
    void whatIsNoCloudEventIsRefusedWithItsAttribute(String event, String detail, String field) throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            assertProblem(post(http, event), 400, detail, field);
            assertThat(http.broker.history()).isEmpty();
        }
    }
}
