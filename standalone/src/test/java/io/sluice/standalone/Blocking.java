package io.sluice.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.handler.BlockingTaskHandler;
import io.sluice.handler.TaskContext;
import org.jspecify.annotations.Nullable;

/** A handler on a worker thread made of a function. */
record Blocking(String type, Body body) implements BlockingTaskHandler<JsonNode, Object> {
    @FunctionalInterface
    interface Body {
        @Nullable
        Object run(JsonNode payload, TaskContext task) throws Exception;
    }

    @Override
    public @Nullable Object handle(JsonNode payload, TaskContext task) throws Exception {
        return body.run(payload, task);
    }
}
