package io.sluice.consumer.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.sluice.handler.TaskHandler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpWorkerHandlerTest {
    private static final JsonNode PAYLOAD =
            JsonNodeFactory.instance.objectNode().put("name", "Größe").put("n", 7);

    private final Loop loop = new Loop();
    private final HttpWorkerHandler worker = new HttpWorkerHandler();
    private volatile Consumer<HttpServerRequest> answer =
            request -> request.response().end();
    private volatile MultiMap received = HttpHeaders.headers();
    private volatile Buffer body = Buffer.buffer();
    private final Site site = new Site(request -> request.body().onSuccess(bytes -> {
        received = request.headers();
        body = bytes;
        answer.accept(request);
    }));

    @AfterEach
    void close() {
        loop.get(worker::stop);
        loop.close();
        site.close();
    }

    private void start(String moreOptions) {
        loop.get(() -> worker.start(loop.options("{'url': '" + site.url("/run") + "'" + moreOptions + "}", 1)));
    }

    private JsonNode result() {
        return loop.get(() -> worker.handle(PAYLOAD, new FakeTask(loop.vertx)));
    }

    private Throwable failure() {
        return loop.failure(() -> worker.handle(PAYLOAD, new FakeTask(loop.vertx)));
    }

    private void answers(int status, String contentType, String text) {
        answer = request -> request.response()
                .setStatusCode(status)
                .putHeader("content-type", contentType)
                .end(text);
    }

    @Test
    void thePayloadIsPostedAsACloudEvent() {
        start(", 'headers': {'Authorization': 'Bearer x', 'ce-id': 'not this'}");
        FakeTask task = new FakeTask(loop.vertx)
                .key("ex ample\r\nEvil: 1 ö")
                .header("ce_source", "/shop")
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        loop.get(() -> worker.handle(PAYLOAD, task));

        assertThat(site.requests).containsExactly("POST /run");
        assertThat(body.toJsonObject().getMap()).containsEntry("name", "Größe").containsEntry("n", 7);
        assertThat(received.get("content-type")).isEqualTo("application/json");
        assertThat(received.get("authorization")).isEqualTo("Bearer x");
        assertThat(received.getAll("ce-id")).containsExactly("tasks-0-7");
        assertThat(received.get("ce-specversion")).isEqualTo("1.0");
        assertThat(received.get("ce-type")).isEqualTo("some%20type");
        assertThat(received.get("ce-source")).isEqualTo("/shop");
        assertThat(received.get("sluice-attempt")).isEqualTo("3");
        assertThat(received.get("sluice-key")).isEqualTo("ex%20ample%0D%0AEvil:%201%20%C3%B6");
        assertThat(received.get("traceparent")).isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assertThat(received.contains("evil")).isFalse();
    }

    @Test
    void whatATaskDoesNotHaveIsNotSent() {
        start("");
        result();

        assertThat(received.contains("sluice-key")).isFalse();
        assertThat(received.contains("traceparent")).isFalse();
        assertThat(received.get("ce-source")).isEqualTo("sluice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/problem+json; charset=utf-8", ""})
    void aJsonAnswerIsTheResult(String contentType) {
        start("");
        answers(200, contentType, "{\"a\": [1]}");

        assertThat(result()).hasToString("{\"a\":[1]}");
    }

    @Test
    void aTextAnswerIsKeptAsJsonText() {
        start("");
        answer = request -> request.response()
                .putHeader("content-type", "text/plain; charset=iso-8859-1")
                .end(Buffer.buffer("Größe", "ISO-8859-1"));

        assertThat(result()).isEqualTo(TextNode.valueOf("Größe"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 204})
    void anEmptyAnswerIsANullResult(int status) {
        start("");
        answer = request -> request.response().setStatusCode(status).end();

        assertThat(result()).isEqualTo(NullNode.getInstance());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image/png        | x     | the answer is neither JSON nor text but image/png, from ",
                "application/json | {\"a  | the answer is not JSON (",
                "application/json | 1 2   | the answer is not JSON ("
            })
    void anAnswerThatIsNeitherJsonNorTextIsPermanent(String contentType, String text, String message) {
        start("");
        answers(200, contentType, text);

        assertThat(failure())
                .isInstanceOf(PermanentFailure.class)
                .hasMessageStartingWith(message)
                .hasMessageEndingWith("from " + site.url("/run"));
    }

    @Test
    void anAnswerThatIsTooLargeIsPermanent() {
        start(", 'max-body': 5");
        answers(200, "application/json", "123456");

        assertThat(failure())
                .isInstanceOf(PermanentFailure.class)
                .hasMessage("body of more than 5 bytes from " + site.url("/run"));
    }

    @Test
    void aWorkersRetryAfterIsObeyed() {
        start("");
        answer = request -> request.response()
                .setStatusCode(503)
                .putHeader("retry-after", "2")
                .end();

        assertThat(failure())
                .isInstanceOfSatisfying(
                        RetryLater.class, later -> assertThat(later.delay()).isEqualTo(Duration.ofSeconds(2)));
    }

    @Test
    void aWorkersErrorIsAnOrdinaryFailure() {
        start("");
        answers(500, "text/plain", "boom");

        assertThat(failure())
                .isInstanceOf(IOException.class)
                .hasMessage("500 Internal Server Error from " + site.url("/run"));
    }

    @ParameterizedTest
    @ValueSource(ints = {422, 307})
    void aRefusalAndARedirectArePermanent(int status) {
        start("");
        answer = request -> request.response()
                .setStatusCode(status)
                .putHeader("location", "/other")
                .end();

        assertThat(failure()).isInstanceOf(PermanentFailure.class).hasMessageStartingWith(status + " ");
        assertThat(site.requests).containsExactly("POST /run");
    }

    @Test
    void aMissingUrlFailsTheStart() {
        assertThat(loop.failure(() -> worker.start(loop.options("{}", 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("types.http.options.url: is required: where the worker is");
    }

    @Test
    void everyFaultOfTheOptionsIsNamedAtOnce() {
        assertThat(loop.failure(() -> worker.start(
                        loop.options("{'url': 'ftp://x/', 'headers': {'a': 1, 'b': 'x\\r\\ny'}, 'retries': 3}", 1))))
                .hasMessageContainingAll(
                        "types.http.options.url: expected an http or https URL with a host",
                        "types.http.options.headers.a: expected a text",
                        "types.http.options.headers.b: cannot be sent as an HTTP header",
                        "types.http.options.retries: no such option; there are url, headers");
    }

    @Test
    void bothHandlersAreFoundAsServices() {
        assertThat(ServiceLoader.load(TaskHandler.class).stream().map(ServiceLoader.Provider::type))
                .contains(FetchHandler.class, HttpWorkerHandler.class);
    }
}
