package io.sluice.producer.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.Fields;
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

    /** @throws IllegalArgumentException that names what cannot be: an attribute, or a payload that is no JSON */
    static NewTask of(String type, @Nullable String key, Object payload, TaskOptions options) {
        String id = options.id();
        try {
            Fields.text("type", type);
            if (key != null) {
                Fields.text("key", key);
            }
            if (id != null) {
                Fields.id("id", id);
            }
            if (options.notBefore() != null) {
                Fields.time("notBefore", options.notBefore());
            }
            if (options.expiry() != null) {
                Fields.time("expiry", options.expiry());
            }
            Fields.order("expiry", options.notBefore(), options.expiry());
        } catch (BadTask e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
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
