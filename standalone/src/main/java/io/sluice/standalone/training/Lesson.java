package io.sluice.standalone.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.cli.Waiting;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.submit.Submission;
import io.sluice.record.NewTask;
import io.sluice.settings.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The work that a service is given, and what it needs for it. Main thread. */
interface Lesson extends AutoCloseable {
    /** Settings, as variables. */
    Map<String, String> variables();

    /** Returns when the work is done. */
    void teach(Settings settings) throws Exception;

    @Override
    void close();

    static Lesson forConsumers() {
        return new OfConsumers();
    }

    static Lesson forProducers() throws IOException {
        return new OfProducers(Training.freePort());
    }

    /** Tasks for a worker over HTTP, which is here. */
    final class OfConsumers implements Lesson {
        private static final int TASKS = 400;
        private static final int KEYS = 20;

        private final Vertx vertx = Vertx.vertx();
        private final HttpServer worker = Waiting.on(vertx.createHttpServer()
                .requestHandler(request -> request.response()
                        .putHeader("content-type", "application/json")
                        .end("{\"done\":true}"))
                .listen(0, "127.0.0.1"));

        @Override
        public Map<String, String> variables() {
            return Map.of("SLUICE_TYPES_HTTP_OPTIONS_URL", "http://127.0.0.1:" + worker.actualPort() + "/");
        }

        @Override
        public void teach(Settings settings) {
            Tasks tasks = Tasks.open(vertx, settings);
            Submission submission = Waiting.on(Submission.open(vertx, settings, tasks, results -> {}));
            Waiting.on(submission.submit(IntStream.range(0, TASKS)
                    .mapToObj(n -> NewTask.of("task-" + n, "http", "key-" + n % KEYS, "{\"n\":1}".getBytes(UTF_8)))
                    .toList()));
            Waiting.on(submission.join());
            Waiting.on(submission.close());
            Waiting.on(tasks.close());
        }

        @Override
        public void close() {
            Waiting.on(vertx.close());
        }
    }

    /** Requests of all kinds. */
    record OfProducers(int port) implements Lesson {
        private static final int REQUESTS = 50;
        private static final String TASK = "{\"type\":\"job\",\"key\":\"a\",\"payload\":{\"n\":1}}";

        @Override
        public Map<String, String> variables() {
            return Map.of("SLUICE_PRODUCER_HOST", "127.0.0.1", "SLUICE_PRODUCER_PORT", Integer.toString(port));
        }

        @Override
        public void teach(Settings settings) throws Exception {
            Training.awaitListener(port);
            HttpClient client = HttpClient.newHttpClient();
            for (int i = 0; i < REQUESTS; i++) {
                post(client, "/v1/tasks", "application/json", TASK);
            }
            String batch = IntStream.range(0, REQUESTS).mapToObj(n -> TASK).collect(Collectors.joining("\n"));
            post(client, "/v1/tasks:batch", "application/x-ndjson", batch);
            send(client, HttpRequest.newBuilder(uri("/v1/openapi.json")).build());
        }

        private void post(HttpClient client, String path, String type, String body) throws Exception {
            send(
                    client,
                    HttpRequest.newBuilder(uri(path))
                            .header("content-type", type)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build());
        }

        private static void send(HttpClient client, HttpRequest request) throws Exception {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (!List.of(200, 202).contains(response.statusCode())) {
                throw new IllegalStateException(request + " was answered with " + response + ": " + response.body());
            }
        }

        private URI uri(String path) {
            return URI.create("http://127.0.0.1:" + port + path);
        }

        @Override
        public void close() {}
    }
}
