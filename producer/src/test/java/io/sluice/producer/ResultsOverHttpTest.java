package io.sluice.producer;

import static io.sluice.producer.HttpPort.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.producer.client.Broker;
import io.sluice.producer.client.Futures;
import io.sluice.producer.intake.FedResults;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ResultsOverHttpTest {
    private static final String TASK = "{\"id\":\"a\",\"type\":\"mail\",\"payload\":1}";

    private static HttpPort open(String... variables) throws Exception {
        return HttpPort.open(Broker.thatAcknowledges(), variables);
    }

    @Test
    void aTaskIsFollowedFromItsAcceptanceToItsResult() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatIsSilent())) {
            Future<HttpResponse<Buffer>> submitted = http.submit(TASK);
            await().until(() -> http.broker.history().size() == 1);
            assertThat(http.get("/v1/tasks/a").bodyAsString())
                    .isEqualTo("{\"id\":\"a\",\"type\":\"mail\",\"state\":\"submitting\"}");
            http.broker.completeNext();
            Futures.await(submitted);
            assertThat(http.get("/v1/tasks/a").bodyAsString())
                    .isEqualTo("{\"id\":\"a\",\"type\":\"mail\",\"state\":\"accepted\"}");
            http.results.succeed("a", "mail", "{\"price\":\n1.10}");
            await().until(() -> http.get("/v1/tasks/a").bodyAsString().contains("succeeded"));
            assertThat(http.get("/v1/tasks/a").bodyAsString())
                    .isEqualTo("{\"id\":\"a\",\"type\":\"mail\",\"state\":\"succeeded\",\"attempts\":1,"
                            + "\"result\":{\"price\": 1.10}}");
        }
    }

    @Test
    void aTaskThatCameInElsewhereIsKnownOnceItHasEnded() throws Exception {
        try (HttpPort http = open()) {
            http.results.fail("tasks-3-17", "mail", "{\"reason\":\"permanent\"}");
            await().until(() -> http.get("/v1/tasks/tasks-3-17").statusCode() == 200);
            assertThat(http.get("/v1/tasks/tasks-3-17").bodyAsString())
                    .isEqualTo("{\"id\":\"tasks-3-17\",\"type\":\"mail\",\"state\":\"failed\",\"attempts\":5,"
                            + "\"failure\":{\"reason\":\"permanent\"}}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, a%2Fb",
        "a b+c, a%20b%2Bc",
        "é, %C3%A9",
        "a:b, a:b",
        "%41, %2541",
        "a?b#c, a%3Fb%23c",
        "../x, ..%2Fx"
    })
    void anIdMayHaveAnyCharacter(String id, String path) throws Exception {
        try (HttpPort http = open()) {
            HttpResponse<Buffer> answer = Futures.await(
                    http.submit(new JsonObject().put("id", id).put("payload", 1).encode()));
            assertThat(http.get("/v1/tasks/" + path).bodyAsJsonObject().getString("id"))
                    .isEqualTo(id);
            assertThat(http.get(answer.getHeader("location")).bodyAsJsonObject().getString("id"))
                    .isEqualTo(id);
        }
    }

    @Test
    void whatIsNotKnownIsToldWithTheTimeSinceWhenItWouldBe() throws Exception {
        Instant before = Instant.now();
        try (HttpPort http = open("PRODUCER_INDEX_WINDOW", "10m")) {
            HttpResponse<Buffer> answer = http.get("/v1/tasks/x");
            assertProblem(answer, 404, "no task with this id", null);
            Instant since = Instant.parse(answer.bodyAsJsonObject().getString("since"));
            assertThat(since).isBetween(before.minusSeconds(600), Instant.now().minusSeconds(600));
        }
    }

    @Test
    void whatWasForgottenForWantOfRoomIsToldAsSuch() throws Exception {
        Instant before = Instant.now();
        try (HttpPort http = open("PRODUCER_INDEX_MAX_TASKS", "2")) {
            for (String id : new String[] {"a", "b", "c"}) {
                http.results.succeed(id, "mail", "1");
            }
            await().until(() -> http.get("/v1/tasks/c").statusCode() == 200);
            HttpResponse<Buffer> answer = http.get("/v1/tasks/a");
            assertProblem(answer, 404, "since", null);
            assertThat(Instant.parse(answer.bodyAsJsonObject().getString("since")))
                    .isBetween(before, Instant.now());
            assertThat(http.get("/v1/tasks/b").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatWasLostBeforeItWasReadIsNotCalledUnknown() throws Exception {
        try (HttpPort http = open()) {
            Instant before = Instant.now();
            http.results.lose();
            HttpResponse<Buffer> answer = http.get("/v1/tasks/x");
            assertProblem(answer, 404, "since", null);
            assertThat(Instant.parse(answer.bodyAsJsonObject().getString("since")))
                    .isBetween(before, Instant.now());
        }
    }

    @Test
    void nothingIsCalledUnknownBeforeTheResultsAreRead() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges(), FedResults.behind())) {
            HttpResponse<Buffer> early = http.get("/v1/tasks/x");
            assertProblem(early, 503, "still being read", null);
            assertThat(early.getHeader("retry-after")).isEqualTo("1");
            http.results.catchUp();
            await().until(() -> http.get("/v1/tasks/x").statusCode() == 404);
        }
    }

    @Test
    void nothingIsCalledUnknownWhileTheResultsCannotBeReadAndWhatIsKnownIsTold() throws Exception {
        try (HttpPort http = open()) {
            http.results.succeed("a", "mail", "1");
            await().until(() -> http.get("/v1/tasks/a").statusCode() == 200);

            http.results.away(true);
            assertProblem(http.get("/v1/tasks/x"), 503, "or cannot be", null);
            assertThat(http.get("/v1/tasks/a").statusCode()).isEqualTo(200);
            http.results.away(false);
            assertThat(http.get("/v1/tasks/x").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void whoWaitsGetsTheResult() throws Exception {
        try (HttpPort http = open()) {
            Future<HttpResponse<Buffer>> answer =
                    http.post("/v1/tasks?wait=30s").sendBuffer(Buffer.buffer(TASK));
            await().until(() -> http.broker.history().size() == 1);
            http.results.succeed("a", "mail", "\"sent\"");
            assertThat(Futures.await(answer).statusCode()).isEqualTo(200);
            assertThat(Futures.await(answer).bodyAsJsonObject().getString("result"))
                    .isEqualTo("sent");
        }
    }

    @Test
    void whoWaitsInVainIsToldTheId() throws Exception {
        try (HttpPort http = open("PRODUCER_DEFAULT_WAIT", "50ms")) {
            for (String wait : new String[] {"?wait=20ms", "?wait", "?wait="}) {
                HttpResponse<Buffer> answer =
                        Futures.await(http.post("/v1/tasks" + wait).sendBuffer(Buffer.buffer(TASK)));
                assertThat(answer.statusCode()).isEqualTo(202);
                assertThat(answer.bodyAsString()).isEqualTo("{\"id\":\"a\",\"state\":\"accepted\"}");
            }
        }
    }

    @Test
    void aWaitThatEndsBeforeTheAcknowledgementIsAnsweredOnlyAfterIt() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatIsSilent())) {
            Future<HttpResponse<Buffer>> taken = http.post("/v1/tasks?wait=1ms").sendBuffer(Buffer.buffer(TASK));
            Future<HttpResponse<Buffer>> refused =
                    http.post("/v1/tasks?wait=1ms").sendBuffer(Buffer.buffer(TASK));
            await().until(() -> http.broker.history().size() == 2);
            // A round trip later than the end of both waits.
            assertThat(Futures.await(http.post("/v1/tasks?wait=x").sendBuffer(Buffer.buffer(TASK)))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(taken.isComplete() || refused.isComplete()).isFalse();
            http.broker.completeNext();
            http.broker.errorNext(new TimeoutException("gone"));
            assertThat(List.of(
                            Futures.await(taken).statusCode(),
                            Futures.await(refused).statusCode()))
                    .containsExactlyInAnyOrder(202, 503);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "soon, give a time such as",
        "2m, longer than 1m",
        "0s, no time at all",
        "PT-5S, no time at all",
    })
    void aWaitThatMakesNoSenseIsRefused(String wait, String detail) throws Exception {
        try (HttpPort http = open()) {
            assertProblem(
                    Futures.await(http.post("/v1/tasks?wait=" + wait).sendBuffer(Buffer.buffer(TASK))),
                    400,
                    detail,
                    "wait");
            assertThat(http.broker.history()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"none", "failures"})
    void nobodyWaitsForAResultThatNeverComes(String results) throws Exception {
        try (HttpPort http = open("TYPES_FETCH_RESULTS", results)) {
            assertProblem(
                    Futures.await(http.post("/v1/tasks?wait=5s").sendBuffer(Buffer.buffer("{\"payload\":1}"))),
                    400,
                    "tasks of type fetch have results: " + results,
                    "wait");
            assertThat(http.broker.history()).isEmpty();
        }
    }

    @Test
    void aRepetitionOfWhatHasEndedGetsItsResult() throws Exception {
        try (HttpPort http = open()) {
            Futures.await(http.submitOnce("a", "{\"type\":\"mail\",\"payload\":1}"));
            http.results.succeed("a", "mail", "\"sent\"");
            HttpResponse<Buffer> again = Futures.await(http.post("/v1/tasks?wait=30s")
                    .putHeader("idempotency-key", "a")
                    .sendBuffer(Buffer.buffer("{\"type\":\"mail\",\"payload\":1}")));
            assertThat(again.statusCode()).isEqualTo(200);
            assertThat(again.bodyAsJsonObject().getString("result")).isEqualTo("sent");
            assertThat(http.broker.ids()).containsExactly("a");
        }
    }

    @Test
    void whoeverWaitsWhenTheProducerIsStoppedIsToldTheId() throws Exception {
        try (HttpPort http = open()) {
            Future<HttpResponse<Buffer>> answer = http.post("/v1/tasks?wait=1m").sendBuffer(Buffer.buffer(TASK));
            await().until(() -> http.broker.history().size() == 1);
            for (String deployed : http.vertx.deploymentIDs()) {
                Futures.await(http.vertx.undeploy(deployed));
            }
            assertThat(Futures.await(answer).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void theEventBusGivesTheResultToWhoeverWaits() throws Exception {
        try (HttpPort http = open()) {
            Future<Message<JsonObject>> reply = http.vertx
                    .eventBus()
                    .request(
                            ProducerVerticle.ADDRESS,
                            new JsonObject(TASK),
                            new DeliveryOptions().addHeader("wait", "30s"));
            await().until(() -> http.broker.history().size() == 1);
            http.results.succeed("a", "mail", "\"sent\"");
            assertThat(Futures.await(reply).body().getString("result")).isEqualTo("sent");
        }
    }
}
