package io.sluice.producer.form;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.record.Json;
import io.sluice.record.NewTask;
import io.sluice.settings.Nearest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task as JSON: {@code {"type": …, "key": …, "id": …, "payload": …, "notBefore": …, "expires": …}}, of which only the
 * payload must be there. The payload is passed on as it was written, character for character, so that no number loses
 * digits. One use, one thread.
 */
public final class TaskForm {
    private static final List<String> FIELDS = List.of("type", "key", "id", "payload", "notBefore", "expires");

    private final String text;
    private final JsonParser parser;
    private final Set<String> seen = new HashSet<>();
    private @Nullable String type;
    private @Nullable String key;
    private @Nullable String id;
    private byte @Nullable [] payload;
    private @Nullable Instant notBefore;
    private @Nullable Instant expires;

    private TaskForm(String text, JsonParser parser) {
        this.text = text;
        this.parser = parser;
    }

    /**
     * Reads one task.
     *
     * @param defaultType the type of a task that names none
     * @param ids makes the id of a task that has none
     * @throws BadTask that names the field and its place
     */
    public static NewTask read(String text, String defaultType, Supplier<String> ids) throws BadTask {
        try (JsonParser parser = Json.mapper().createParser(text)) {
            return new TaskForm(text, parser).read(defaultType, ids);
        } catch (JsonProcessingException e) {
            throw notJson(e);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can always be read", e);
        }
    }

    /** @throws BadTask if the text is not one JSON value */
    public static void checkJson(String text) throws BadTask {
        try (JsonParser parser = Json.mapper().createParser(text)) {
            if (parser.nextToken() == null) {
                throw new BadTask(null, "the body is empty");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new BadTask(null, "there is more after the end of the JSON");
            }
        } catch (JsonProcessingException e) {
            throw notJson(e);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can always be read", e);
        }
    }

    private static BadTask notJson(JsonProcessingException fault) {
        String message = fault.getOriginalMessage();
        BadTask bad =
                new BadTask(null, "not JSON: " + message.lines().findFirst().orElse(message));
        JsonLocation place = fault.getLocation();
        return place == null ? bad : bad.at(place.getLineNr(), place.getColumnNr());
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
        if (!FIELDS.contains(name)) {
            throw at(null, "unknown field " + Fields.shown(name) + nearest(name));
        }
        if (!seen.add(name)) {
            throw at(name, "is there twice");
        }
        JsonToken value = parser.nextToken();
        if (name.equals("payload")) {
            payload = raw();
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
            case "id" -> id = Fields.text(name, value);
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

    private byte[] raw() throws IOException {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        // A text is read lazily: only this moves the parser to its end.
        parser.finishToken();
        int end = (int) parser.currentLocation().getCharOffset();
        return text.substring(start, end).strip().getBytes(UTF_8);
    }

    private BadTask at(@Nullable String field, String message) {
        return at(new BadTask(field, message));
    }

    private BadTask at(BadTask fault) {
        JsonLocation place = parser.currentTokenLocation();
        return fault.at(place.getLineNr(), place.getColumnNr());
    }
}
