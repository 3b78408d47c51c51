package io.sluice.producer;

import static io.sluice.producer.HttpPort.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.sluice.producer.client.Broker;
import io.sluice.producer.client.Futures;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class IdempotencyTest {
    private static final String TASK = "{\"key\":\"k\",\"payload\":1}";

    @ParameterizedTest
    @ValueSource(strings = {"order-17", "\"order-17\"", "  order-17 "})
    void theKeyBecomesTheIdAndARepetitionIsNotWrittenAgain(String key) throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            for (int time = 0; time < 3; time++) {
                HttpResponse<Buffer> answer = Futures.await(http.submitOnce(key, TASK));
                assertThat(answer.statusCode()).isEqualTo(202);
                assertThat(answer.bodyAsJsonObject().getString("id")).isEqualTo("order-17");
                assertThat(answer.getHeader("location")).isEqualTo("/v1/tasks/order-17");
            }
            assertThat(http.broker.ids()).containsExactly("order-17");
        }
    }

    @Test
    void aRepetitionIsNotAnsweredBeforeTheBrokerHasTheFirst() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatIsSilent())) {
            Future<HttpResponse<Buffer>> first = http.submitOnce("a", TASK);
            await().until(() -> http.broker.history().size() == 1);
            Future<HttpResponse<Buffer>> second = http.submitOnce("a", TASK);
            assertThat(Futures.await(http.submitOnce("a", "{\"payload\":2}")).statusCode())
                    .isEqualTo(422);
            assertThat(first.isComplete()).isFalse();
            assertThat(second.isComplete()).isFalse();
            http.broker.completeNext();
            assertThat(Futures.await(first).statusCode()).isEqualTo(202);
            assertThat(Futures.await(second).statusCode()).isEqualTo(202);
            assertThat(http.broker.ids()).containsExactly("a");
        }
    }

    @Test
    void aTaskThatTheBrokerDidNotTakeIsWrittenAgain() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatIsSilent())) {
            Future<HttpResponse<Buffer>> first = http.submitOnce("a", TASK);
            await().until(() -> http.broker.history().size() == 1);
            http.broker.errorNext(new TimeoutException("gone"));
            assertThat(Futures.await(first).statusCode()).isEqualTo(503);
            Future<HttpResponse<Buffer>> second = http.submitOnce("a", TASK);
            await().until(() -> http.broker.history().size() == 2);
            http.broker.completeNext();
            assertThat(Futures.await(second).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void theKeyOfOneTaskIsNotTakenForAnother() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            Futures.await(http.submitOnce("a", TASK));
            String[] others = {
                "{\"key\":\"k\",\"payload\":2}", "{\"payload\":1}", "{\"type\":\"t\",\"key\":\"k\",\"payload\":1}"
            };
            for (String other : others) {
                assertProblem(
                        Futures.await(http.submitOnce("a", other)),
                        422,
                        "was used for another task",
                        "idempotency-key");
            }
            assertThat(http.broker.ids()).containsExactly("a");
        }
    }

    @Test
    void anAttributeMakesAnotherTaskOfIt() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            for (String tenant : new String[] {"one", "one", "two"}) {
                int status = Futures.await(http.post("/v1/tasks")
                                .putHeader("idempotency-key", "a")
                                .putHeader("ce-specversion", "1.0")
                                .putHeader("ce-tenant", tenant)
                                .sendBuffer(Buffer.buffer("1")))
                        .statusCode();
                assertThat(status).isEqualTo(tenant.equals("one") ? 202 : 422);
            }
            assertThat(http.broker.ids()).containsExactly("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void anIdThatNoPathCanNameIsRefused(String id) throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            assertProblem(
                    Futures.await(http.submitOnce(id, TASK)), 400, "which no path can end with", "idempotency-key");
            assertProblem(
                    Futures.await(http.submit("{\"id\":\"" + id + "\",\"payload\":1}")), 400, "which no path", "id");
        }
    }

    @Test
    void theKeyIsForgottenAfterItsWindow() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges(), "PRODUCER_INDEX_MAX_TASKS", "1")) {
            Futures.await(http.submitOnce("a", TASK));
            Futures.await(http.submitOnce("b", TASK));
            Futures.await(http.submitOnce("a", TASK));
            assertThat(http.broker.ids()).containsExactly("a", "b", "a");
        }
    }

    @Test
    void aTaskWithAnIdOfItsOwnMustHaveTheSame() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            assertProblem(
                    Futures.await(http.submitOnce("a", "{\"id\":\"b\",\"payload\":1}")),
                    400,
                    "is not the id that the task itself has",
                    "idempotency-key");
            assertThat(Futures.await(http.submitOnce("a", "{\"id\":\"a\",\"payload\":1}"))
                            .statusCode())
                    .isEqualTo(202);
        }
    }

    @Test
    void withoutTheKeyTwoTasksOfOneIdAreTwoTasks() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            Futures.await(http.submit("{\"id\":\"a\",\"payload\":1}"));
            Futures.await(http.submit("{\"id\":\"a\",\"payload\":1}"));
            assertThat(http.broker.ids()).containsExactly("a", "a");
        }
    }

    @Test
    void aRepeatedBatchWritesOnlyWhatIsNew() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            HttpResponse<Buffer> first = Futures.await(http.post("/v1/tasks:batch")
                    .putHeader("content-type", "application/x-ndjson")
                    .putHeader("idempotency-key", "night")
                    .sendBuffer(Buffer.buffer("{\"payload\":1}\n{\"payload\":2}\n")));
            HttpResponse<Buffer> again = Futures.await(http.post("/v1/tasks:batch")
                    .putHeader("content-type", "application/x-ndjson")
                    .putHeader("idempotency-key", "night")
                    .sendBuffer(Buffer.buffer("{\"payload\":1}\n{\"payload\":5}\n{\"payload\":3}\n")));
            assertThat(first.bodyAsString().lines())
                    .containsExactly("{\"line\":1,\"id\":\"night-1\"}", "{\"line\":2,\"id\":\"night-2\"}");
            assertThat(again.bodyAsString().lines().map(JsonObject::new))
                    .extracting(line -> line.getString("id"), line -> line.getJsonObject("error") == null)
                    .containsExactly(tuple("night-1", true), tuple("night-2", false), tuple("night-3", true));
            assertThat(http.broker.ids()).containsExactly("night-1", "night-2", "night-3");
        }
    }
}
