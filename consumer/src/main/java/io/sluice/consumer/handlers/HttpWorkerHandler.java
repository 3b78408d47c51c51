package io.sluice.consumer.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.handler.HandlerContext;
import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.sluice.handler.TaskContext;
import io.sluice.handler.TaskHandler;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Type {@code http}: posts the payload as JSON to a worker in any language; its answer is the result.
 *
 * <p>The request is a CloudEvent in HTTP's binary mode: headers {@code ce-specversion}, {@code ce-id}, {@code ce-type} and
 * {@code ce-source}, and besides {@code sluice-attempt}, {@code sluice-key} if the task has one, and the attempt's {@code traceparent}
 * and {@code tracestate} if there is a trace. Texts that a header cannot hold are percent-encoded as CloudEvents' HTTP binding says (section 3.1.3.2).
 *
 * <p>A 2xx answer is a success: its body is JSON, or of a text type and then kept as a JSON text; an empty one is a null result. Any
 * other body is a {@link PermanentFailure}. 429 and 503 with a Retry-After are obeyed ({@link RetryLater}); 408, 425, 429, 5xx and a
 * connection that fails are tried again as the type's policy says; everything else is a {@link PermanentFailure}, redirects
 * too. When the attempt is cancelled the connection is closed: that is how the worker learns of it.
 *
 * <p>The worker may be at any address, private ones too: whoever runs the consumer has named it, and no task can change it.
 *
 * <p>Options: {@code url} (required), {@code headers} (an object of texts, added to every request), {@code max-body} (bytes of the
 * answer; 4194304), {@code connect-timeout-ms} (5000; a cancelled attempt that is still connecting holds its permit until then).
 */
public final class HttpWorkerHandler implements TaskHandler<JsonNode, JsonNode> {
    private static final String JSON = "application/json";
    private static final List<String> OPTIONS = List.of("url", "headers", "max-body", "connect-timeout-ms");

    private @Nullable Started started;

    private record Started(CancellableClient client, Target worker, MultiMap headers) {}

    @Override
    public String type() {
        return "http";
    }

    @Override
    public Future<Void> start(HandlerContext context) {
        Options options = new Options(type(), context.options(), OPTIONS);
        CancellableClient.Limits limits = new CancellableClient.Limits(
                options.number("max-body", 4 * 1024 * 1024), options.number("connect-timeout-ms", 5000));
        MultiMap headers = HttpHeaders.headers().add("content-type", JSON).add("accept", JSON);
        options.headers("headers").forEach((name, value) -> headers.set(name, value));
        // A query may hold a token, and messages go to results and dead letters.
        Target worker = options.requiredUrl("url").withoutQueryShown();
        return options.check().map(x -> {
            started = new Started(CancellableClient.open(context, limits), worker, headers);
            return null;
        });
    }

    @Override
    public Future<Void> stop() {
        return started == null ? Future.succeededFuture() : started.client().close();
    }

    @Override
    public Future<JsonNode> handle(JsonNode payload, TaskContext task) {
        Started running = Objects.requireNonNull(started, "start comes first");
        Target worker = running.worker();
        return running.client()
                .send(
                        HttpMethod.POST,
                        Destination.byName(worker),
                        headers(running, task),
                        Buffer.buffer(payload.toString()),
                        task)
                .compose(answer -> answer.isSuccess()
                        ? task.blocking(() -> WorkerAnswer.read(worker.url(), answer))
                        : Future.failedFuture(answer.failure(worker.url(), Instant.now())));
    }

    private static MultiMap headers(Started running, TaskContext task) {
        MultiMap headers = HttpHeaders.headers()
                .addAll(running.headers())
                .set("ce-specversion", "1.0")
                .set("ce-id", HeaderText.encode(task.id()))
                .set("ce-type", HeaderText.encode(task.type()))
                .set("ce-source", HeaderText.encode(task.headers().getOrDefault("ce_source", "sluice")))
                .set("sluice-attempt", String.valueOf(task.attempt()));
        String key = task.key();
        if (key != null) {
            headers.set("sluice-key", HeaderText.encode(key));
        }
        task.traceHeaders().forEach((name, value) -> headers.set(name, HeaderText.encode(value)));
        return headers;
    }
}
