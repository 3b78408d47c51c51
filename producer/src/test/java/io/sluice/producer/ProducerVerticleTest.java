package io.sluice.producer;

import static io.sluice.producer.client.Broker.header;
import static io.sluice.producer.client.Futures.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.producer.client.Broker;
import io.sluice.producer.client.Futures;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.intake.FedResults;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProducerVerticleTest {
    private static final String TASK = "{\"id\":\"a\",\"key\":\"example.org\",\"payload\":{\"url\":\"http://x/\"}}";

    private final Vertx vertx = Vertx.vertx();
    private final WebClient client = WebClient.create(vertx);

    @AfterEach
    void close() throws Exception {
        client.close();
        Futures.await(vertx.close());
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("sluice-producer"));
    }

    @Test
    void aTaskIsAnsweredWithItsIdOnceTheBrokerHasIt() throws Exception {
        Broker broker = Broker.thatIsSilent();
        int port = deploy(broker);
        Future<HttpResponse<Buffer>> answer = post(port, TASK);
        await().until(() -> broker.history().size() == 1);
        assertThat(answer.isComplete()).isFalse();
        broker.completeNext();

        HttpResponse<Buffer> response = Futures.await(answer);
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.getHeader("content-type")).isEqualTo("application/json");
        assertThat(response.bodyAsJsonObject())
                .isEqualTo(new JsonObject().put("id", "a").put("state", "accepted"));
        ProducerRecord<byte[], byte[]> record = broker.history().get(0);
        assertThat(record.topic()).isEqualTo("tasks");
        assertThat(Broker.key(record)).isEqualTo("example.org");
        assertThat(Broker.value(record)).isEqualTo("{\"url\":\"http://x/\"}");
        assertThat(header(record, "ce_id")).isEqualTo("a");
        assertThat(header(record, "ce_type")).isEqualTo("fetch");
    }

    @Test
    void aTaskWithoutAnIdIsGivenOne() throws Exception {
        Broker broker = Broker.thatAcknowledges();
        int port = deploy(broker);
        String id =
                Futures.await(post(port, "{\"payload\":1}")).bodyAsJsonObject().getString("id");
        assertThat(UUID.fromString(id)).isNotNull();
        assertThat(broker.ids()).containsExactly(id);
    }

    @Test
    void aCloudEventIsATask() throws Exception {
        Broker broker = Broker.thatAcknowledges();
        int port = deploy(broker);
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("content-type", "application/json; charset=utf-8")
                .add("ce-specversion", "1.0")
                .add("ce-id", "a%20b%C3%A9+c")
                .add("CE-Type", "thumbnail")
                .add("ce-source", "/me")
                .add("ce-partitionkey", "example.org")
                .add("ce-notbefore", "2026-11-22T10:00:00Z")
                .add("ce-expirytime", "2026-11-22T11:00:00Z")
                .add("ce-subject", "a picture")
                .add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        HttpResponse<Buffer> response = Futures.await(post(port, "{\"width\": 1.10}", headers));
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.bodyAsJsonObject().getString("id")).isEqualTo("a bé+c");
        ProducerRecord<byte[], byte[]> record = broker.history().get(0);
        assertThat(Broker.key(record)).isEqualTo("example.org");
        assertThat(Broker.value(record)).isEqualTo("{\"width\": 1.10}");
        assertThat(header(record, "ce_type")).isEqualTo("thumbnail");
        assertThat(header(record, "ce_source")).isEqualTo("/me");
        assertThat(header(record, "ce_notbefore")).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(header(record, "ce_expirytime")).isEqualTo("2026-11-22T11:00:00Z");
        assertThat(header(record, "ce_subject")).isEqualTo("a picture");
        assertThat(header(record, "traceparent")).startsWith("00-0af7");
        assertThat(record.headers().headers("ce_id")).hasSize(1);
    }

    @Test
    void aCloudEventsKeyMayBeInAHeaderOfSluices() throws Exception {
        Broker broker = Broker.thatAcknowledges();
        int port = deploy(broker);
        MultiMap headers = event().add("sluice-key", "example.org");
        assertThat(Futures.await(post(port, "1", headers)).statusCode()).isEqualTo(202);
        assertThat(Broker.key(broker.history().get(0))).isEqualTo("example.org");
        assertThat(header(broker.history().get(0), "ce_type")).isEqualTo("fetch");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ce-specversion | 0.3    | ce-specversion must be 1.0
                    ce-id          | %zz    | ce-id is not percent-encoded: "%zz"
                    ce-id          | a%0Ab  | ce-id has control characters
                    ce-subject     | a%00b  | ce-subject has control characters
                    ce-notbefore   | soon   | ce-notbefore is "soon"
                    ce-expirytime  | never  | ce-expirytime is "never"
                    """)
    void aCloudEventThatMakesNoSenseIsRefusedByItsHeader(String name, String value, String detail) throws Exception {
        int port = deploy(Broker.thatAcknowledges());
        HttpResponse<Buffer> response = Futures.await(post(port, "1", event().set(name, value)));
        assertProblem(response, 400, detail, name);
    }

    @Test
    void aCloudEventWithoutAVersionIsRefused() throws Exception {
        int port = deploy(Broker.thatAcknowledges());
        assertProblem(
                Futures.await(post(port, "1", event().remove("ce-specversion").add("ce-id", "a"))),
                400,
                "ce-specversion is missing",
                "ce-specversion");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                        | a task is a JSON object              |
                    nonsense                  | not JSON                             |
                    []                        | a task is a JSON object              |
                    {"key":"k"}               | payload is missing                   | payload
                    {"payload":1,"kye":"k"}   | unknown field "kye"; did you mean "key"? |
                    {"payload":1,"key":[]}    | key is not a text                    | key
                    {"payload":1,"expires":"x"} | expires is "x"                     | expires
                    {"payload":1,"notBefore":"+10000-01-01T00:00:00Z"} | RFC 3339 has no years but | notBefore
                    {"payload":1}{"payload":2} | there is more                       |
                    """)
    void whatIsNoTaskIsRefusedWithItsField(String body, String detail, @Nullable String field) throws Exception {
        Broker broker = Broker.thatAcknowledges();
        int port = deploy(broker);
        assertProblem(Futures.await(post(port, body)), 400, detail, field);
        assertThat(broker.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce-my-ext", "ce-Foo_bar", "ce-"})
    void aHeaderThatIsNoAttributeIsNotDroppedInSilence(String header) throws Exception {
        int port = deploy(Broker.thatAcknowledges());
        assertProblem(
                Futures.await(post(port, "1", event().add(header, "x"))),
                400,
                "is no attribute of a CloudEvent",
                header.toLowerCase(Locale.ROOT));
        assertProblem(
                Futures.await(post(port, "1", json().add("ce-specversion", "1.banana"))),
                400,
                "must be 1.0",
                "ce-specversion");
    }

    @Test
    void aCloudEventWhosePayloadIsNotJsonIsRefused() throws Exception {
        int port = deploy(Broker.thatAcknowledges());
        assertProblem(Futures.await(post(port, "nonsense", event())), 400, "not JSON", null);
        assertProblem(Futures.await(post(port, "1 2", event())), 400, "more after the end", null);
        assertProblem(Futures.await(post(port, "", event())), 400, "the body is empty", null);
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() throws Exception {
        int port = deploy(Broker.thatAcknowledges());
        Buffer body = Buffer.buffer("{\"payload\":\"").appendByte((byte) 0xFF).appendString("\"}");
        assertProblem(Futures.await(post(port, body, json())), 400, "line 1, column 13: not UTF-8", null);
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        int port = deploy(settings(0, 10, 1_000), Broker.thatAcknowledges()).actualPort();
        String payload = "{\"payload\":\"" + "x".repeat(20_000) + "\"}";
        assertProblem(Futures.await(post(port, payload)), 413, "more than 1000 bytes", null);
    }

    @Test
    void aTaskThatTheBrokerFindsTooLargeIsRefusedLikewise() throws Exception {
        Broker broker = Broker.thatIsSilent();
        int port = deploy(broker);
        Future<HttpResponse<Buffer>> answer = post(port, TASK);
        await().until(() -> broker.history().size() == 1);
        broker.errorNext(new RecordTooLargeException("it has 2000000 bytes"));
        assertProblem(Futures.await(answer), 413, "it has 2000000 bytes", null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/cloudevents-batch+json",
                "application"
            })
    void anotherMediaTypeIsRefused(String mediaType) throws Exception {
        int port = deploy(Broker.thatAcknowledges());
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("content-type", mediaType);
        assertProblem(Futures.await(post(port, TASK, headers)), 415, "application/json", null);
    }

    @Test
    void aFullBufferIsToldWithATimeToComeBack() throws Exception {
        Broker broker = Broker.thatIsSilent();
        int port = deploy(settings(0, 1, 1_000), broker).actualPort();
        Future<HttpResponse<Buffer>> first = post(port, TASK);
        await().until(() -> broker.history().size() == 1);
        HttpResponse<Buffer> second = Futures.await(post(port, TASK));
        assertProblem(second, 429, "already wait for the broker", null);
        assertThat(second.getHeader("retry-after")).isEqualTo("1");
        broker.completeNext();
        assertThat(Futures.await(first).statusCode()).isEqualTo(202);
    }

    @Test
    void aBrokerThatDoesNotAcknowledgeIsToldAsSuch() throws Exception {
        Broker broker = Broker.thatIsSilent();
        int port = deploy(broker);
        Future<HttpResponse<Buffer>> answer = post(port, TASK);
        await().until(() -> broker.history().size() == 1);
        broker.errorNext(new TimeoutException("Expiring 1 record(s)"));
        assertProblem(Futures.await(answer), 503, "task a was not acknowledged: Expiring 1 record(s)", null);
    }

    @Test
    void anotherPathOrMethodIsAProblemToo() throws Exception {
        int port = deploy(Broker.thatAcknowledges());
        assertProblem(
                Futures.await(
                        client.request(HttpMethod.GET, port, "127.0.0.1", "/").send()),
                404,
                "/v1/openapi.json",
                null);
        HttpResponse<Buffer> get = Futures.await(
                client.request(HttpMethod.GET, port, "127.0.0.1", "/v1/tasks").send());
        assertProblem(get, 405, "only POST is allowed", null);
        assertThat(get.getHeader("allow")).isEqualTo("POST");
    }

    @Test
    void theEventBusTakesTasksToo() throws Exception {
        Broker broker = Broker.thatAcknowledges();
        int unused = deploy(broker);
        JsonObject task = new JsonObject().put("id", "a").put("payload", new JsonObject().put("n", 1));
        Message<JsonObject> reply = Futures.await(vertx.eventBus().request(ProducerVerticle.ADDRESS, task));
        assertThat(reply.body()).isEqualTo(new JsonObject().put("id", "a").put("state", "accepted"));
        assertThat(Broker.value(broker.history().get(0))).isEqualTo("{\"n\":1}");
    }

    @Test
    void theEventBusRefusesWhatIsNoTask() throws Exception {
        int unused = deploy(Broker.thatAcknowledges());
        assertRefused(new JsonObject().put("id", "a"), "payload is missing");
        assertRefused(new JsonObject().put("payload", 1).put("key", 7), "key is not a text");
        assertRefused("a text", "a task is a JsonObject");
    }

    private void assertRefused(Object body, String detail) throws Exception {
        assertThat(failure(vertx.eventBus().request(ProducerVerticle.ADDRESS, body)))
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        refused -> assertThat(refused.failureCode()).isEqualTo(400))
                .hasMessageContaining(detail);
    }

    @Test
    void aPortInUseFailsTheStartInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Settings settings = settings(taken.getLocalPort(), 10, 1_000);
            Throwable failure = failure(vertx.deployVerticle(verticle(settings, Broker.thatAcknowledges())));
            assertThat(failure)
                    .hasMessage("cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": the port is in use, or the address is not this machine's;"
                            + " see producer.port and producer.host");
        }
    }

    @Test
    void twoInOneVertxShareThePort() throws Exception {
        Broker first = Broker.thatAcknowledges();
        Broker second = Broker.thatAcknowledges();
        int port = freePort();
        assertThat(deploy(settings(port, 10, 1_000), first).actualPort()).isEqualTo(port);
        assertThat(deploy(settings(port, 10, 1_000), second).actualPort()).isEqualTo(port);
        for (int i = 0; i < 10; i++) {
            assertThat(Futures.await(post(port, TASK)).statusCode()).isEqualTo(202);
            JsonObject task = new JsonObject().put("payload", i);
            Futures.await(vertx.eventBus().request(ProducerVerticle.ADDRESS, task));
        }
        assertThat(first.history().size() + second.history().size()).isEqualTo(20);
        assertThat(first.history()).isNotEmpty();
        assertThat(second.history()).isNotEmpty();
    }

    @Test
    void undeployingAnswersWhatWasTakenIn() throws Exception {
        Broker broker = Broker.thatIsSilent();
        ProducerVerticle verticle = verticle(settings(0, 10, 1_000), broker);
        String deployment = Futures.await(vertx.deployVerticle(verticle));
        Future<HttpResponse<Buffer>> answer = post(verticle.actualPort(), TASK);
        await().until(() -> broker.history().size() == 1);
        Future<Void> undeployed = vertx.undeploy(deployment);
        broker.completeNext();
        assertThat(Futures.await(answer).statusCode()).isEqualTo(202);
        Futures.await(undeployed);
        assertThat(broker.closed()).isTrue();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private int deploy(Broker broker) throws Exception {
        return deploy(settings(0, 10, 100_000), broker).actualPort();
    }

    private ProducerVerticle deploy(Settings settings, Broker broker) throws Exception {
        ProducerVerticle verticle = verticle(settings, broker);
        Futures.await(vertx.deployVerticle(verticle));
        return verticle;
    }

    private static ProducerVerticle verticle(Settings settings, Broker broker) {
        return new ProducerVerticle(
                settings,
                vertx -> Tasks.open(
                        vertx, settings.topics().tasks(), settings.producer().maxBuffered(), () -> broker),
                FedResults.none());
    }

    private static Settings settings(int port, int maxBuffered, int maxBodyBytes) {
        return SettingsLoader.load(
                null,
                Map.of(
                        "SLUICE_PRODUCER_PORT", Integer.toString(port),
                        "SLUICE_PRODUCER_MAX_BUFFERED", Integer.toString(maxBuffered),
                        "SLUICE_PRODUCER_MAX_BODY", Integer.toString(maxBodyBytes)));
    }

    private static MultiMap json() {
        return MultiMap.caseInsensitiveMultiMap().add("content-type", "application/json");
    }

    private static MultiMap event() {
        return json().add("ce-specversion", "1.0");
    }

    private Future<HttpResponse<Buffer>> post(int port, String body) {
        return post(port, body, json());
    }

    private Future<HttpResponse<Buffer>> post(int port, String body, MultiMap headers) {
        return post(port, Buffer.buffer(body), headers);
    }

    private Future<HttpResponse<Buffer>> post(int port, Buffer body, MultiMap headers) {
        return client.post(port, "127.0.0.1", "/v1/tasks").putHeaders(headers).sendBuffer(body);
    }

    private static void assertProblem(
            HttpResponse<Buffer> response, int status, String detail, @Nullable String field) {
        JsonObject problem = response.bodyAsJsonObject();
        assertThat(response.statusCode()).as("%s", problem).isEqualTo(status);
        assertThat(response.getHeader("content-type")).isEqualTo("application/problem+json");
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("type")).isNotEmpty();
        assertThat(problem.getString("title")).isNotEmpty();
        assertThat(problem.getString("detail")).contains(detail).hasLineCount(1);
        assertThat(problem.getString("field")).isEqualTo(field);
    }
}
