package io.sluice.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.producer.client.Broker;
import io.sluice.producer.client.Futures;
import io.sluice.producer.http.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the document says is so: its paths are the routes, its examples are taken, and the answers have its schemas. */
@Timeout(60)
class OpenApiTest {
    @Test
    void theDocumentsPathsAreTheRoutes() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            Set<String> described = new TreeSet<>();
            JsonObject paths = document(http).getJsonObject("paths");
            for (String path : paths.fieldNames()) {
                paths.getJsonObject(path)
                        .fieldNames()
                        .forEach(method -> described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path));
            }
            assertThat(described).isEqualTo(Routes.of(http.vertx));
        }
    }

    @Test
    void everyExampleIsTakenAndAnsweredAsDescribed() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            JsonObject document = document(http);
            int examples = 0;
            for (Map.Entry<String, Object> path : document.getJsonObject("paths")) {
                JsonObject post = ((JsonObject) path.getValue()).getJsonObject("post");
                if (post == null) {
                    continue;
                }
                for (Map.Entry<String, Object> content :
                        post.getJsonObject("requestBody").getJsonObject("content")) {
                    for (Map.Entry<String, Object> example :
                            ((JsonObject) content.getValue()).getJsonObject("examples")) {
                        Object value = ((JsonObject) example.getValue()).getValue("value");
                        String body = value instanceof JsonObject json ? json.encode() : value.toString();
                        if (value instanceof JsonObject json) {
                            valid(document, ((JsonObject) content.getValue()).getJsonObject("schema"), json);
                        }
                        HttpResponse<Buffer> answer = Futures.await(http.post(path.getKey())
                                .putHeader("content-type", content.getKey())
                                .sendBuffer(Buffer.buffer(body)));
                        valid(document, path.getKey(), "post", answer);
                        examples++;
                    }
                }
            }
            assertThat(examples).isEqualTo(3);
        }
    }

    @Test
    void answersAreAsDescribed() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            JsonObject document = document(http);
            http.results.succeed("done", "fetch", "[1]");
            http.results.fail("failed", "fetch", "{\"reason\":\"permanent\",\"attempts\":1,\"message\":null}");
            Futures.await(http.submit("{\"id\":\"open\",\"payload\":1}"));
            for (String id : new String[] {"done", "failed", "open", "unknown"}) {
                valid(document, "/v1/tasks/{id}", "get", http.get("/v1/tasks/" + id));
            }
            for (String body :
                    new String[] {"", "[]", "{\"payload\":1,\"key\":5}", "{\"payload\":1,\"expires\":\"x\"}"}) {
                HttpResponse<Buffer> answer = Futures.await(http.submit(body));
                assertThat(answer.statusCode()).isEqualTo(400);
                valid(document, "/v1/tasks", "post", answer);
            }
            Futures.await(http.submitOnce("once", "{\"payload\":1}"));
            valid(document, "/v1/tasks", "post", Futures.await(http.submitOnce("once", "{\"payload\":2}")));
            valid(
                    document,
                    "/v1/tasks",
                    "post",
                    Futures.await(http.post("/v1/tasks")
                            .putHeader("content-type", "a/b")
                            .send()));
            for (JsonObject line : http.batch("", "{\"payload\":1}\nnonsense\n")) {
                valid(document, new JsonObject().put("$ref", "#/components/schemas/BatchLine"), line);
            }
        }
    }

    private static JsonObject document(HttpPort http) throws Exception {
        HttpResponse<Buffer> answer = http.get("/v1/openapi.json");
        assertThat(answer.getHeader("content-type")).isEqualTo("application/json");
        return answer.bodyAsJsonObject();
    }

    private static void valid(JsonObject document, String path, String method, HttpResponse<Buffer> answer) {
        JsonObject response = document.getJsonObject("paths")
                .getJsonObject(path)
                .getJsonObject(method)
                .getJsonObject("responses")
                .getJsonObject(Integer.toString(answer.statusCode()));
        assertThat(response)
                .as("%d of %s %s is described", answer.statusCode(), method, path)
                .isNotNull();
        String reference = response.getString("$ref");
        JsonObject described = reference == null
                ? response
                : document.getJsonObject("components")
                        .getJsonObject("responses")
                        .getJsonObject("Problem");
        JsonObject content = described.getJsonObject("content").getJsonObject(answer.getHeader("content-type"));
        assertThat(content)
                .as("content type %s is described", answer.getHeader("content-type"))
                .isNotNull();
        if (answer.getHeader("content-type").endsWith("json")
                && !answer.getHeader("content-type").contains("ndjson")) {
            valid(document, content.getJsonObject("schema"), answer.bodyAsJsonObject());
        }
    }

    private static void valid(JsonObject document, JsonObject schema, JsonObject value) {
        JsonObject whole = schema.copy().put("components", document.getJsonObject("components"));
        Validator validator = Validator.create(
                JsonSchema.of(whole),
                new JsonSchemaOptions()
                        .setBaseUri("urn:openapi")
                        .setDraft(Draft.DRAFT202012)
                        .setOutputFormat(OutputFormat.Basic));
        OutputUnit found = validator.validate(value);
        assertThat(found.getValid()).as("%s: %s", value, found.toJson()).isTrue();
    }
}
