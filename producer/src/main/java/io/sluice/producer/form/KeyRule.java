package io.sluice.producer.form;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.record.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a task that names no key gets one. */
@FunctionalInterface
public interface KeyRule {
    /**
     * The key of a task with this payload.
     *
     * @param payload JSON
     * @return null for none
     * @throws BadTask if the payload lacks what the key is made of
     */
    @Nullable
    String keyOf(byte[] payload) throws BadTask;

    /** It gets none, or, if it is a URL, its host. */
    static KeyRule none() {
        return payload -> null;
    }

    /**
     * The same key for every task.
     *
     * @throws BadTask if it can be no key
     */
    static KeyRule always(String key) throws BadTask {
        String checked = Fields.text("--key", key);
        return payload -> checked;
    }

    /**
     * A text or number in the payload.
     *
     * @param path names with dots between them, as in {@code customer.id}, or a JSON pointer, {@code /customer/id}
     * @throws BadTask if it is neither
     */
    static KeyRule field(String path) throws BadTask {
        JsonPointer pointer = pointer(path);
        return payload -> {
            JsonNode found = read(payload).at(pointer);
            if (found.isMissingNode()) {
                throw new BadTask(null, "the payload has no " + path + " to be the key");
            }
            if (!found.isTextual() && !found.isNumber()) {
                throw new BadTask(
                        null, "the payload's " + path + ", which is to be the key, is neither text nor number");
            }
            return Fields.text("the payload's " + path, found.asText());
        };
    }

    private static JsonPointer pointer(String path) throws BadTask {
        String text = path.startsWith("/")
                ? path
                : Arrays.stream(path.split("\\.", -1))
                        .map(name -> "/" + name.replace("~", "~0").replace("/", "~1"))
                        .collect(Collectors.joining());
        if (path.isBlank() || text.endsWith("/") || text.contains("//")) {
            throw new BadTask(
                    null,
                    "--key-from is " + Fields.shown(path)
                            + "; name a field of the payload, such as customer.id or /customer/id");
        }
        return JsonPointer.compile(text);
    }

    private static JsonNode read(byte[] payload) {
        try {
            return Json.mapper().readTree(payload);
        } catch (IOException e) {
            throw new IllegalStateException("a payload was checked to be JSON before its key is looked for", e);
        }
    }
}
