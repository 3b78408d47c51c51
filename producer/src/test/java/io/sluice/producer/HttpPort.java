package io.sluice.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.producer.client.Broker;
import io.sluice.producer.client.Futures;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.intake.FedResults;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A producer with a broker and with results of the test's own, and a client of its HTTP port. */
final class HttpPort implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final Broker broker;
    final FedResults results;
    final int port;
    private final WebClient client = WebClient.create(vertx);

    private HttpPort(Broker broker, FedResults results, Settings settings) throws Exception {
        this.broker = broker;
        this.results = results;
        ProducerVerticle verticle = new ProducerVerticle(
                settings,
                vertx -> Tasks.open(
                        vertx, settings.topics().tasks(), settings.producer().maxBuffered(), () -> broker),
                results);
        Futures.await(vertx.deployVerticle(verticle));
        this.port = verticle.actualPort();
    }

    /** @param variables settings as the environment has them, names and values by turns, without {@code SLUICE_} */
    static HttpPort open(Broker broker, FedResults results, String... variables) throws Exception {
        return new HttpPort(broker, results, settings(variables));
    }

    static HttpPort open(Broker broker, String... variables) throws Exception {
        return open(broker, FedResults.none(), variables);
    }

    static Settings settings(String... variables) {
        Map<String, String> environment = new HashMap<>(Map.of("SLUICE_PRODUCER_PORT", "0"));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put("SLUICE_" + variables[i], variables[i + 1]);
        }
        return SettingsLoader.load(null, environment);
    }

    HttpRequest<Buffer> post(String path) {
        return client.post(port, "127.0.0.1", path).putHeader("content-type", "application/json");
    }

    Future<HttpResponse<Buffer>> submit(String body) {
        return post("/v1/tasks").sendBuffer(Buffer.buffer(body));
    }

    Future<HttpResponse<Buffer>> submitOnce(String key, String body) {
        return post("/v1/tasks").putHeader("idempotency-key", key).sendBuffer(Buffer.buffer(body));
    }

    /** The answer's lines. */
    List<JsonObject> batch(String query, String lines) throws Exception {
        HttpResponse<Buffer> response = Futures.await(client.post(port, "127.0.0.1", "/v1/tasks:batch" + query)
                .putHeader("content-type", "application/x-ndjson")
                .sendBuffer(Buffer.buffer(lines)));
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        String body = response.bodyAsString();
        return body == null ? List.of() : body.lines().map(JsonObject::new).toList();
    }

    HttpResponse<Buffer> get(String path) throws Exception {
        return Futures.await(client.get(port, "127.0.0.1", path).send());
    }

    static void assertProblem(HttpResponse<Buffer> response, int status, String detail, @Nullable String field) {
        JsonObject problem = response.bodyAsJsonObject();
        assertThat(response.statusCode()).as("%s", problem).isEqualTo(status);
        assertThat(response.getHeader("content-type")).isEqualTo("application/problem+json");
        assertThat(problem.getString("detail")).contains(detail).hasLineCount(1);
        assertThat(problem.getString("field")).isEqualTo(field);
    }

    @Override
    public void close() {
        try {
            Futures.await(vertx.close());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the producer does not close", e);
        }
    }
}
