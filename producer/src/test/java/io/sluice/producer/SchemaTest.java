package io.sluice.producer;

import static io.sluice.producer.HttpPort.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.producer.client.Broker;
import io.sluice.producer.client.Futures;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.intake.FedResults;
import io.sluice.settings.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SchemaTest {
    private static final String SCHEMA = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["items"],
             "properties": {"items": {"type": "array", "items": {"$ref": "#/$defs/item"}}},
             "$defs": {"item": {"type": "object", "properties": {"price": {"type": "number", "minimum": 0}}}}}
            """;

    @TempDir
    private Path folder;

    private String file(String schema) throws Exception {
        return Files.writeString(folder.resolve("order.json"), schema).toString();
    }

    private HttpPort open() throws Exception {
        return HttpPort.open(Broker.thatAcknowledges(), "PRODUCER_SCHEMAS_ORDER", file(SCHEMA));
    }

    private static String order(String payload) {
        return "{\"type\":\"order\",\"payload\":" + payload + "}";
    }

    @Test
    void aPayloadThatSatisfiesItsSchemaIsTakenAndSoIsOneOfATypeWithoutASchema() throws Exception {
        try (HttpPort http = open()) {
            assertThat(Futures.await(http.submit(order("{\"items\":[{\"price\":1.5}]}")))
                            .statusCode())
                    .isEqualTo(202);
            assertThat(Futures.await(http.submit("{\"payload\":\"anything\"}")).statusCode())
                    .isEqualTo(202);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"items":[{"price":1},{"price":-1}]} | /items/1/price
                    {"items":[{"price":"1"}]}            | /items/0/price
                    {"items":5}                          | /items
                    {}                                   | ``
                    5                                    | ``
                    """)
    void aPayloadThatDoesNotIsRefusedWithThePointerToWhatIsWrong(String payload, String pointer) throws Exception {
        try (HttpPort http = open()) {
            HttpResponse<Buffer> answer = Futures.await(http.submit(order(payload)));
            assertProblem(answer, 400, "payload" + pointer + " does not satisfy the schema of type order", "payload");
            assertThat(answer.bodyAsJsonObject().getString("pointer")).isEqualTo(pointer);
            assertThat(http.broker.history()).isEmpty();
        }
    }

    @Test
    void everyWayInIsChecked() throws Exception {
        try (HttpPort http = open()) {
            assertProblem(
                    Futures.await(http.post("/v1/tasks")
                            .putHeader("ce-specversion", "1.0")
                            .putHeader("ce-type", "order")
                            .sendBuffer(Buffer.buffer("{\"items\":5}"))),
                    400,
                    "payload/items",
                    "payload");
            assertProblem(
                    Futures.await(http.post("/v1/tasks")
                            .putHeader("content-type", "application/cloudevents+json")
                            .sendBuffer(Buffer.buffer(
                                    "{\"specversion\":\"1.0\",\"type\":\"order\",\"data\":{\"items\":5}}"))),
                    400,
                    "payload/items",
                    "payload");
            List<JsonObject> answers = http.batch("", order("{\"items\":[]}") + "\n" + order("{\"items\":5}"));
            assertThat(answers.get(0).containsKey("error")).isFalse();
            assertThat(answers.get(1).getJsonObject("error").getString("pointer"))
                    .isEqualTo("/items");
            assertThat(Futures.failure(http.vertx
                            .eventBus()
                            .request(ProducerVerticle.ADDRESS, new JsonObject(order("{\"items\":5}")))))
                    .isInstanceOf(ReplyException.class)
                    .hasMessageContaining("payload/items");
            assertThat(http.broker.history()).hasSize(1);
        }
    }

    @Test
    void aPayloadThatIsTooMuchForItsSchemaIsRefusedAndHoldsUpNobody() throws Exception {
        String schema = file("{\"type\": \"string\", \"pattern\": \"^(a|b)*$\"}");
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges(), "PRODUCER_SCHEMAS_ORDER", schema)) {
            String task = order("\"" + "ab".repeat(100_000) + "\"");
            assertProblem(Futures.await(http.submit(task)), 400, "too long or too deep to be checked", "payload");
            assertThat(http.batch("", task + "\n" + order("\"ab\"")))
                    .extracting(line -> line.containsKey("error"))
                    .containsExactly(true, false);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    nonsense                          | is not a JSON object
                    {"type": "strin"}                 | is no JSON Schema: /type
                    {"$schema": "urn:of-my-own"}      | cannot be used
                    {"$ref": "#/$defs/nothing"}       | cannot be used
                    """)
    void aSchemaThatIsNoneIsToldAtTheStart(String schema, String why) throws Exception {
        assertThat(failure(file(schema)))
                .hasMessageContaining("the schema of type order, ")
                .hasMessageContaining(why);
    }

    @Test
    void aSchemaThatIsNotThereIsToldAtTheStart() throws Exception {
        assertThat(failure(folder.resolve("none.json").toString()))
                .hasMessageContaining("none.json, cannot be read; see producer.schemas");
    }

    private static Throwable failure(String file) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Settings settings = HttpPort.settings("PRODUCER_SCHEMAS_ORDER", file);
            Broker broker = Broker.thatAcknowledges();
            return Futures.failure(vertx.deployVerticle(new ProducerVerticle(
                    settings, with -> Tasks.open(with, "tasks", 10, () -> broker), FedResults.none())));
        } finally {
            Futures.await(vertx.close());
        }
    }
}
