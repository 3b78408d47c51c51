package io.sluice.consumer.handlers;

import io.sluice.handler.TaskContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** An attempt that a test cancels when it likes. */
class FakeTask implements TaskContext {
    private final Vertx vertx;
    private final Promise<Void> cancelled = Promise.promise();
    private final Map<String, String> headers = new HashMap<>();
    private @Nullable String key;

    FakeTask(Vertx vertx) {
        this.vertx = vertx;
    }

    FakeTask key(String key) {
        this.key = key;
        return this;
    }

    FakeTask header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Called on the event loop, as the engine does. */
    void cancel() {
        cancelled.complete();
    }

    @Override
    public String id() {
        return "tasks-0-7";
    }

    @Override
    public String type() {
        return "some type";
    }

    @Override
    public @Nullable String key() {
        return key;
    }

    @Override
    public int attempt() {
        return 3;
    }

    @Override
    public Instant deadline() {
        return Instant.MAX;
    }

    @Override
    public Map<String, String> headers() {
        return headers;
    }

    @Override
    public Future<Void> cancelled() {
        return cancelled.future();
    }

    @Override
    public <T> Future<T> blocking(Callable<T> code) {
        return vertx.executeBlocking(code, false);
    }

    @Override
    public void emit(String type, @Nullable String key, Object payload) {
        throw new UnsupportedOperationException("the built-in handlers emit nothing");
    }
}
