package io.sluice.producer.form;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.record.Json;
import io.sluice.record.NewTask;
import io.sluice.settings.Nearest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task as JSON: {@code {"type": …, "key": …, "id": …, "payload": …, "notBefore": …, "expires": …}}, of which only the
 * payload must be there. The payload is passed on as it was written, character for character, so that no number loses
 * digits. One use, one thread.
 */
public final class TaskForm {
    private static final List<String> FIELDS = List.of("type", "key", "id", "payload", "notBefore", "expires");

    private final byte[] text;
    private final JsonParser parser;
    /** A bit for each of the fields. */
    private int seen;

    private @Nullable String type;
    private @Nullable String key;
    private @Nullable String id;
    private byte @Nullable [] payload;
    private @Nullable Instant notBefore;
    private @Nullable Instant expires;

    private TaskForm(byte[] text, JsonParser parser) {
        this.text = text;
        this.parser = parser;
    }

    /**
     * Reads one task.
     *
     * @param text UTF-8
     * @param defaultType the type of a task that names none
     * @param ids makes the id of a task that has none
     * @throws BadTask that names the field and its place
     */
    public static NewTask read(byte[] text, String defaultType, Supplier<String> ids) throws BadTask {
        Utf8.check(text);
        try (JsonParser parser = Json.mapper().createParser(text)) {
            return new TaskForm(text, parser).read(defaultType, ids);
        } catch (JsonProcessingException e) {
            throw JsonText.notJson(text, e);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can always be read", e);
        }
    }

    private NewTask read(String defaultType, Supplier<String> ids) throws IOException, BadTask {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw at(null, "a task is a JSON object, {\"payload\": …}");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            field(parser.currentName());
        }
        byte[] given = payload;
        if (given == null) {
            throw at("payload", "is missing");
        }
        if (parser.nextToken() != null) {
            throw at(null, "there is more after the task's end");
        }
        return new NewTask(
                id == null ? ids.get() : id, type == null ? defaultType : type, key, given, notBefore, expires);
    }

    private void field(String name) throws IOException, BadTask {
        int bit = 1 << FIELDS.indexOf(name);
        if (!FIELDS.contains(name)) {
            throw at(null, "unknown field " + Fields.shown(name) + nearest(name));
        }
        if ((seen & bit) != 0) {
            throw at(name, "is there twice");
        }
        seen |= bit;
        JsonToken value = parser.nextToken();
        if (name.equals("payload")) {
            payload = JsonText.raw(text, parser);
            return;
        }
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        if (value != JsonToken.VALUE_STRING) {
            throw at(name, "is not a text");
        }
        try {
            attribute(name, parser.getText());
        } catch (BadTask e) {
            throw at(e);
        }
    }

    private void attribute(String name, String value) throws BadTask {
        switch (name) {
            case "type" -> type = Fields.text(name, value);
            case "key" -> key = Fields.text(name, value);
            case "id" -> id = Fields.id(name, value);
            case "notBefore" -> notBefore = Fields.time(name, value);
            default -> expires = Fields.time(name, value);
        }
        Fields.order("expires", notBefore, expires);
    }

    private static String nearest(String name) {
        return Nearest.to(name, FIELDS)
                .map(known -> "; did you mean \"" + known + "\"?")
                .orElse("; a task has " + String.join(", ", FIELDS));
    }

    private BadTask at(@Nullable String field, String message) {
        return at(new BadTask(field, message));
    }

    private BadTask at(BadTask fault) {
        return Utf8.at(text, parser.currentTokenLocation().getByteOffset(), fault);
    }
}
