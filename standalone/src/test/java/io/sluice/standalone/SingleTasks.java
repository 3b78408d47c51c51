package io.sluice.standalone;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A stream of tasks, one a request, and what each was answered. Its methods may be called from any thread. */
final class SingleTasks {
    final Queue<String> taken = new ConcurrentLinkedQueue<>();
    /** 429: no room. */
    final AtomicInteger refused = new AtomicInteger();
    /** 503: the broker has not acknowledged it. */
    final AtomicInteger unacknowledged = new AtomicInteger();
    /** Answers that should not be. */
    final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    private final AtomicInteger submitted = new AtomicInteger();
    private final Set<Integer> unanswered = ConcurrentHashMap.newKeySet();
    private final Vertx vertx;
    private final int port;
    private final WebClient client;
    private final long timer;

    private SingleTasks(Vertx vertx, int port, int everyMillis) {
        this.vertx = vertx;
        this.port = port;
        // Most requests wait, each on a connection of its own.
        this.client = WebClient.create(vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(1_000));
        this.timer = vertx.setPeriodic(everyMillis, tick -> submit());
    }

    static SingleTasks begin(Vertx vertx, int port, int everyMillis) {
        return new SingleTasks(vertx, port, everyMillis);
    }

    private void submit() {
        int number = submitted.incrementAndGet();
        String id = "single-" + number;
        unanswered.add(number);
        client.post(port, "127.0.0.1", "/v1/tasks")
                .sendJsonObject(
                        new JsonObject().put("id", id).put("type", "idle").put("payload", 1))
                .onComplete(answered -> {
                    note(id, answered.result(), answered.cause());
                    unanswered.remove(number);
                });
    }

    private void note(String id, HttpResponse<Buffer> answer, @Nullable Throwable failure) {
        if (failure != null) {
            wrong.add(id + ": " + failure);
        } else if (answer.statusCode() == 202) {
            taken.add(id);
        } else if (answer.getHeader("retry-after") == null) {
            wrong.add(id + " was answered " + answer.statusCode() + " without Retry-After");
        } else if (answer.statusCode() == 429) {
            refused.incrementAndGet();
        } else if (answer.statusCode() == 503) {
            unacknowledged.incrementAndGet();
        } else {
            wrong.add(id + " was answered " + answer.statusCode());
        }
    }

    /** How many there are so far. */
    int submitted() {
        return submitted.get();
    }

    /** Whether the first so many have been answered in whatever way. */
    boolean answered(int first) {
        return unanswered.stream().noneMatch(number -> number <= first);
    }

    /** No more follow. */
    void stop() {
        vertx.cancelTimer(timer);
    }
}
