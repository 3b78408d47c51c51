package io.sluice.producer.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sluice.record.Json;
import io.sluice.record.NewTask;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tasks of what a program has at hand. */
final class NewTasks {
    private NewTasks() {}

    /** @throws IllegalArgumentException if the payload cannot be written as JSON */
    static NewTask of(String type, @Nullable String key, Object payload, TaskOptions options) {
        String id = options.id();
        return new NewTask(
                id == null ? UUID.randomUUID().toString() : id,
                type,
                key,
                json(type, payload),
                options.notBefore(),
                options.expiry());
    }

    private static byte[] json(String type, Object payload) {
        if (payload instanceof byte[] bytes) {
            return bytes;
        }
        if (payload instanceof Buffer buffer) {
            return buffer.getBytes();
        }
        if (payload instanceof JsonObject object) {
            return object.toBuffer().getBytes();
        }
        if (payload instanceof JsonArray array) {
            return array.toBuffer().getBytes();
        }
        try {
            return Json.mapper().writeValueAsBytes(payload);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the payload of a task of type " + type + " cannot be written as JSON: " + Json.explain(e), e);
        }
    }
}
