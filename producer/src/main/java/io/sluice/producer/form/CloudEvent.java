package io.sluice.producer.form;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.record.Json;
import io.sluice.record.NewTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task as a <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md">CloudEvent</a>. Id, type and
 * source have the defaults that every task has; the key is the extension {@code partitionkey}. Attributes that Sluice has
 * no use for travel with the task.
 */
public final class CloudEvent {
    private static final Set<String> OWN =
            Set.of("specversion", "id", "type", "source", "datacontenttype", "notbefore", "expirytime", "partitionkey");

    private final String prefix;
    private final Map<String, String> attributes;
    private final byte[] data;

    private CloudEvent(String prefix, Map<String, String> attributes, byte[] data) {
        this.prefix = prefix;
        this.attributes = attributes;
        this.data = data;
    }

    /**
     * One whose attributes are somewhere else than its data.
     *
     * @param prefix what the attributes' names begin with there, as an error is to name them
     * @param attributes without the prefix
     * @param data JSON
     */
    public static CloudEvent binary(String prefix, Map<String, String> attributes, byte[] data) throws BadTask {
        CloudEvent event = new CloudEvent(prefix, attributes, data);
        event.checkVersion();
        JsonText.check(data);
        return event;
    }

    /**
     * One that is all in one JSON object
     * (<a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">JSON format</a>).
     *
     * @throws BadTask that names the attribute and its place
     */
    public static CloudEvent structured(byte[] text) throws BadTask {
        Utf8.check(text);
        try (JsonParser parser = Json.mapper().createParser(text)) {
            CloudEvent event = structured(text, parser);
            event.checkVersion();
            return event;
        } catch (JsonProcessingException e) {
            throw JsonText.notJson(text, e);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can always be read", e);
        }
    }

    private static CloudEvent structured(byte[] text, JsonParser parser) throws IOException, BadTask {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new BadTask(null, "a CloudEvent is a JSON object, {\"specversion\": \"1.0\", \"data\": …}");
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        byte[] data = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("data") || name.equals("data_base64")) {
                if (data != null) {
                    throw at(text, parser, new BadTask(name, "is there although there are data already"));
                }
                data = name.equals("data") ? JsonText.raw(text, parser) : decoded(parser.getText());
            } else if (!name.matches("[a-z0-9]+")) {
                throw at(text, parser, new BadTask(null, "no name of an attribute: " + Fields.shown(name)));
            } else if (value.isStructStart()) {
                throw at(text, parser, new BadTask(name, "is neither a text, a number nor a boolean"));
            } else if (value != JsonToken.VALUE_NULL && attributes.put(name, parser.getText()) != null) {
                throw at(text, parser, new BadTask(name, "is there twice"));
            }
        }
        if (parser.nextToken() != null) {
            throw at(text, parser, new BadTask(null, "there is more after the CloudEvent's end"));
        }
        if (data == null) {
            throw new BadTask("data", "is missing");
        }
        return new CloudEvent("", attributes, data);
    }

    private static byte[] decoded(String base64) throws BadTask {
        byte[] data;
        try {
            data = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new BadTask("data_base64", "is not base64");
        }
        try {
            JsonText.check(data);
            return data;
        } catch (BadTask e) {
            throw new BadTask("data_base64", "has no payload: " + e.getMessage());
        }
    }

    private static BadTask at(byte[] text, JsonParser parser, BadTask fault) {
        return Utf8.at(text, parser.currentTokenLocation().getByteOffset(), fault);
    }

    private void checkVersion() throws BadTask {
        String version = text("specversion");
        if (version == null || !version.matches("1\\.\\d+")) {
            throw new BadTask(prefix + "specversion", version == null ? "is missing; it must be 1.0" : "must be 1.0");
        }
        String content = text("datacontenttype");
        if (content != null && !isJson(content)) {
            throw new BadTask(prefix + "datacontenttype", "is " + Fields.shown(content) + ", but a payload is JSON");
        }
    }

    /** Whether a media type says that it is JSON. */
    public static boolean isJson(String contentType) {
        String media = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return media.equals("application/json") || (media.endsWith("+json") && !media.contains("cloudevents"));
    }

    /**
     * The task.
     *
     * @param defaultType the type of one that names none
     * @param ids makes the id of one that has none
     * @throws BadTask that names the attribute
     */
    public Incoming toTask(String defaultType, Supplier<String> ids) throws BadTask {
        String id = text("id");
        if (id != null) {
            Fields.id(prefix + "id", id);
        }
        String type = text("type");
        Instant notBefore = time("notbefore");
        Instant expires = time("expirytime");
        Fields.order(prefix + "expirytime", notBefore, expires);
        NewTask task = new NewTask(
                id == null ? ids.get() : id,
                type == null ? defaultType : type,
                text("partitionkey"),
                data,
                notBefore,
                expires);
        Map<String, String> others = new LinkedHashMap<>();
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            if (!OWN.contains(attribute.getKey())) {
                others.put(attribute.getKey(), Fields.text(prefix + attribute.getKey(), attribute.getValue()));
            }
        }
        return new Incoming(task, text("source"), others);
    }

    private @Nullable Instant time(String name) throws BadTask {
        String value = text(name);
        return value == null ? null : Fields.time(prefix + name, value);
    }

    private @Nullable String text(String name) throws BadTask {
        String value = attributes.get(name);
        return value == null ? null : Fields.text(prefix + name, value);
    }
}
