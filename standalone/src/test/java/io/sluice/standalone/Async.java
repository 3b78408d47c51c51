package io.sluice.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.handler.TaskContext;
import io.sluice.handler.TaskHandler;
import io.vertx.core.Future;
import java.util.function.BiFunction;

/** A handler on the event loop made of a function. */
record Async(String type, BiFunction<JsonNode, TaskContext, Future<?>> body) implements TaskHandler<JsonNode, Object> {
    @Override
    public Future<Object> handle(JsonNode payload, TaskContext task) {
        return body.apply(payload, task).map(output -> output);
    }
}
