package io.sluice.producer;

import static io.sluice.producer.client.Broker.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.producer.client.Broker;
import io.sluice.producer.guard.RawClient;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as no honest client sends them: each is a clear 4xx, and nothing of it comes to the broker. */
@Timeout(120)
class HostileRequestsTest {
    private static final String TASK = "{\"id\":\"a\",\"payload\":1}";
    private static final int MAX_BODY = 100_000;

    private final Broker broker = Broker.thatAcknowledges();
    private final HttpPort http;
    private final int port;

    HostileRequestsTest() throws Exception {
        http = HttpPort.open(broker, "PRODUCER_IDLE_TIMEOUT", "1s", "PRODUCER_MAX_BODY", Integer.toString(MAX_BODY));
        port = http.port;
    }

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void anHonestRequestIsTakenFromTheSameClient() throws Exception {
        assertThat(post("/v1/tasks", "", TASK)).startsWith("HTTP/1.1 202 ");
        assertThat(broker.ids()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/tasks/..%2f..",
                "/v1/tasks/..%2f..%2fetc%2fpasswd",
                "/v1/tasks;x",
                "/v1/tasks;/x",
                "/v1%2ftasks",
                "/v1/tasks%00",
                "/v1/tasks/%00",
                "/v1/tasks%0d%0aX:%20y",
                "/v1/tasks/../../tasks",
                "/v1/tasks/%2e%2e/x",
                "/v1/tasks/%zz",
                "/v1/tasks/%",
                "/V1/TASKS",
                "*",
                "v1/tasks",
                "/v1\\tasks"
            })
    void aPathThatIsNoRoutesLeadsNowhere(String path) throws Exception {
        assertProblem(post(path, "", TASK), "40[0-9]", "");
        assertThat(broker.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..%2f..", "%00", "%0d%0aX:%20y", "%e9", "a%2fb", "%2e%2e%2f%2e%2e%2fetc%2fpasswd"})
    void anIdThatIsNoneOfATaskIsNotFound(String id) throws Exception {
        String answer =
                RawClient.answer(port, "GET /v1/tasks/" + id + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertProblem(answer, "40[04]", "");
        assertThat(answer).doesNotContain("X: y");
    }

    /** They are other ways to write a route's own path, to which the same holds. */
    @ParameterizedTest
    @ValueSource(
            strings = {"//v1/tasks", "/v1/./tasks", "/x/../v1/tasks", "/v1/t%61sks", "http://evil.example/v1/tasks"})
    void aPathThatIsARoutesInOtherWordsIsThatRoute(String path) throws Exception {
        assertThat(post(path, "", TASK)).startsWith("HTTP/1.1 202 ");
        assertThat(broker.ids()).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ce-id        | a%0d%0aX-Evil: 1 | has control characters
                    ce-id        | a%00b            | has control characters
                    ce-type      | a%0ab            | has control characters
                    ce-source    | a%1bb            | has control characters
                    ce-other     | a%7fb            | has control characters
                    ce-other     | a%c2%85b         | has control characters
                    sluice-key   | a%0db            | has control characters
                    ce-id        | %20              | is empty
                    """)
    void noControlCharacterComesIntoAKafkaHeader(String name, String value, String detail) throws Exception {
        String event = "ce-specversion: 1.0\r\n" + name + ": " + value + "\r\n";
        assertProblem(post("/v1/tasks", event, "1"), "400", name + " " + detail);
        assertThat(broker.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce-a_b", "ce-", "ce-sluice-key"})
    void anAttributeOfAnIllegalNameIsRefusedByIt(String name) throws Exception {
        assertProblem(
                post("/v1/tasks", "ce-specversion: 1.0\r\nce-id: a\r\n" + name + ": 1\r\n", "1"),
                "400",
                name + " is no attribute of a CloudEvent");
        assertThat(broker.history()).isEmpty();
    }

    @Test
    void anAttributeOfALegalNameBecomesAKafkaHeader() throws Exception {
        assertThat(post("/v1/tasks", "ce-specversion: 1.0\r\nce-id: a\r\nce-ok: 4\r\n", "1"))
                .startsWith("HTTP/1.1 202 ");
        assertThat(broker.history().get(0).headers().toArray())
                .extracting(header -> header.key())
                .allMatch(name -> name.matches("ce_[a-z0-9]+|content-type"));
        assertThat(header(broker.history().get(0), "ce_ok")).isEqualTo("4");
    }

    @Test
    void anOverlongIdIsRefusedByItsField() throws Exception {
        assertProblem(
                post("/v1/tasks", "ce-specversion: 1.0\r\nce-id: " + "i".repeat(1_025) + "\r\n", "1"),
                "400",
                "ce-id has 1025 characters");
        assertProblem(
                post("/v1/tasks", "", "{\"id\":\"" + "i".repeat(1_025) + "\",\"payload\":1}"),
                "400",
                "id has 1025 characters");
        assertThat(broker.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: application/json",
                "ce-specversion: 1.0\r\nce-id: a\r\nCE-ID: b",
                "idempotency-key: a\r\nIdempotency-Key: b",
                "authorization: Bearer a\r\nAuthorization: Bearer b",
                "host: y",
                "sluice-key: a\r\nsluice-key: a"
            })
    void aHeaderThatMayComeOnceIsRefusedTwice(String headers) throws Exception {
        String repeated = headers.substring(headers.lastIndexOf('\n') + 1, headers.lastIndexOf(':'))
                .toLowerCase(Locale.ROOT);
        assertProblem(post("/v1/tasks", headers + "\r\n", TASK), "400", repeated + " is there more than once");
        assertThat(broker.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n",
                "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n1",
                "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n1",
                "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length : 1\r\n\r\n1",
                "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nce-id: a\u0000b\r\n\r\n",
                "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nce-id: a\rce-type: b\r\n\r\n",
                "POST /v1/tasks HTTP/1.1\nHost: x\nContent-Length: 0\n\n",
                "POST /v1/\u0000 HTTP/1.1\r\nHost: x\r\n\r\n",
                "hello\r\n\r\n",
                "\u0016\u0003\u0001\u0000\u0001\r\n\r\n"
            })
    void whatIsNotHttpIsRefusedAndCutOff(String request) throws Exception {
        assertProblem(RawClient.answer(port, request), "400", "");
        assertThat(broker.history()).isEmpty();
    }

    @Test
    void aRequestWithoutAHostIsRefused() throws Exception {
        assertProblem(RawClient.answer(port, "GET /v1/tasks HTTP/1.1\r\nConnection: close\r\n\r\n"), "400", "");
    }

    @Test
    void endlessLinesAndHeadersAreCutOff() throws Exception {
        assertProblem(
                RawClient.answer(port, "POST /" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
                "414",
                "the request line has more than 4096 bytes");
        assertProblem(
                post("/v1/tasks", "A: " + "a".repeat(20_000) + "\r\n", TASK), "431", "the headers have more than");
        assertProblem(post("/v1/tasks", "A: b\r\n".repeat(10_000), TASK), "431", "the headers have more than");
        assertThat(broker.history()).isEmpty();
    }

    @Test
    void manySmallHeadersAreNoMatter() throws Exception {
        assertThat(post("/v1/tasks", "A: b\r\n".repeat(1_000), TASK)).startsWith("HTTP/1.1 202 ");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedOnItsFirstBytesOrItsLength() throws Exception {
        assertProblem(
                RawClient.answer(port, head("") + "Content-Length: 1000000000\r\n\r\n[1,2"),
                "413",
                "the body has more than " + MAX_BODY + " bytes");
        try (RawClient client = RawClient.connect(port)) {
            client.send(head("") + "Transfer-Encoding: chunked\r\n\r\n");
            String chunk = "2710\r\n" + "1".repeat(10_000) + "\r\n";
            for (int i = 0; i <= MAX_BODY / 10_000 && client.trySend(chunk); i++) {
                assertThat(i).isLessThan(MAX_BODY);
            }
            assertProblem(client.untilClosed(), "413", "the body has more than " + MAX_BODY + " bytes");
        }
        assertThat(broker.history()).isEmpty();
    }

    @Test
    void aBodyThatIsNotChunkedAsItSaysIsNoTask() throws Exception {
        for (String chunks : new String[] {"zz\r\n1\r\n0\r\n\r\n", "-1\r\n1\r\n", "1\r\n1", "ffffffffffffffff\r\n1"}) {
            assertThat(RawClient.answer(port, head("") + "Transfer-Encoding: chunked\r\n\r\n" + chunks))
                    .as(chunks)
                    .matches(answer -> answer.isEmpty() || answer.startsWith("HTTP/1.1 4"));
        }
        assertThat(broker.history()).isEmpty();
    }

    @Test
    void aTaskThatComesWithAnothersHeadersBehindItIsTwoRequests() throws Exception {
        String both = head("") + "Content-Length: " + TASK.length() + "\r\n\r\n" + TASK
                + "GET /v1/tasks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        assertThat(RawClient.answer(port, both)).startsWith("HTTP/1.1 202 ").contains("HTTP/1.1 405 ");
        assertThat(broker.ids()).containsExactly("a");
    }

    private String post(String path, String headers, String body) throws Exception {
        return RawClient.answer(
                port,
                head(headers).replace("/v1/tasks ", path + " ") + "Connection: close\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
    }

    private static String head(String headers) {
        return "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers;
    }

    private static void assertProblem(String answer, String status, String detail) {
        assertThat(answer).as(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*");
        assertThat(answer).contains("content-type: application/problem+json");
        JsonObject problem = new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        assertThat(problem.getString("detail")).contains(detail).hasLineCount(1);
    }
}
