package io.sluice.producer.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.producer.client.Tasks;
import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.Fields;
import io.sluice.producer.form.TaskForm;
import io.sluice.record.NewTask;
import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent over HTTP in binary mode: attributes in {@code ce-} headers, percent-encoded, and the payload in the body
 * (<a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">HTTP
 * binding</a>). Id, type and source have the defaults that every task has. Attributes that Sluice has no use for travel
 * with the task.
 */
final class HttpEvent {
    private static final String PREFIX = "ce-";

    private final MultiMap headers;

    private HttpEvent(MultiMap headers) {
        this.headers = headers;
    }

    /** Whether any header is one of a CloudEvent's. */
    static boolean isOne(MultiMap headers) {
        return headers.names().stream().anyMatch(name -> name.regionMatches(true, 0, PREFIX, 0, PREFIX.length()));
    }

    /**
     * The record of an event's task.
     *
     * @throws BadTask that names the header
     */
    static ProducerRecord<byte[], byte[]> toRecord(
            MultiMap headers, String body, String topic, String defaultType, Supplier<String> ids) throws BadTask {
        return new HttpEvent(headers).toRecord(body, topic, defaultType, ids);
    }

    private ProducerRecord<byte[], byte[]> toRecord(String body, String topic, String defaultType, Supplier<String> ids)
            throws BadTask {
        String version = text("ce-specversion");
        if (version == null || !version.startsWith("1.")) {
            throw new BadTask("ce-specversion", version == null ? "is missing; it must be 1.0" : "must be 1.0");
        }
        TaskForm.checkJson(body);
        String id = text("ce-id");
        String type = text("ce-type");
        String source = text("ce-source");
        Instant notBefore = time("ce-notbefore");
        Instant expires = time("ce-expirytime");
        Fields.order("ce-expirytime", notBefore, expires);
        NewTask task = new NewTask(
                id == null ? ids.get() : id,
                type == null ? defaultType : type,
                key(),
                body.getBytes(UTF_8),
                notBefore,
                expires);
        ProducerRecord<byte[], byte[]> record =
                task.toRecord(topic, source == null ? Tasks.SOURCE : source, TraceParent.of(headers));
        addOthers(record.headers());
        return record;
    }

    private @Nullable String key() throws BadTask {
        String partitionKey = text("ce-partitionkey");
        return partitionKey == null ? text("sluice-key") : partitionKey;
    }

    private void addOthers(Headers record) throws BadTask {
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.matches("ce-[a-z0-9]+")) {
                String attribute = "ce_" + name.substring(PREFIX.length());
                if (record.lastHeader(attribute) == null) {
                    record.add(
                            attribute,
                            Fields.text(name, decoded(name, header.getValue())).getBytes(UTF_8));
                }
            }
        }
    }

    private @Nullable Instant time(String name) throws BadTask {
        String value = text(name);
        return value == null ? null : Fields.time(name, value);
    }

    private @Nullable String text(String name) throws BadTask {
        String value = headers.get(name);
        return value == null ? null : Fields.text(name, decoded(name, value));
    }

    private static String decoded(String name, String value) throws BadTask {
        try {
            // The decoder is one for forms, where a plus means a space.
            return URLDecoder.decode(value.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadTask(name, "is not percent-encoded: " + Fields.shown(value));
        }
    }
}
