package io.sluice.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What became of a task: a CloudEvent whose type is {@code <type>.succeeded} or {@code <type>.failed}, whose subject is
 * the task's id and whose value is the handler's output or the failure (reason, attempts, message).
 *
 * @param taskId the id of the task, {@code ce_subject}
 * @param type the task's type
 * @param succeeded or failed for good
 * @param attempts how many were made
 * @param json the output, or the failure, as it was written; not copied
 */
public record TaskResult(String taskId, String type, boolean succeeded, int attempts, byte[] json) {
    private static final String SUCCEEDED = ".succeeded";
    private static final String FAILED = ".failed";

    /**
     * The record that says that a task succeeded.
     *
     * @param output is JSON
     * @param trace that it continues
     */
    public static ProducerRecord<byte[], byte[]> succeeded(
            String topic,
            ConsumerRecord<byte[], byte[]> task,
            Envelope envelope,
            int attempts,
            byte[] output,
            @Nullable TraceContext trace) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, null, task.key(), output, headers(task, envelope, SUCCEEDED, attempts));
        continueTrace(record, trace);
        return record;
    }

    /**
     * The record that says that a task failed for good.
     *
     * @param trace that it continues
     */
    public static ProducerRecord<byte[], byte[]> failed(
            String topic,
            ConsumerRecord<byte[], byte[]> task,
            Envelope envelope,
            Failure failure,
            @Nullable TraceContext trace) {
        ObjectNode value = Json.mapper()
                .createObjectNode()
                .put("reason", failure.reason())
                .put("attempts", failure.attempts())
                .put("message", failure.message());
        byte[] bytes;
        try {
            bytes = Json.mapper().writeValueAsBytes(value);
        } catch (IOException impossible) {
            throw new IllegalStateException("a tree of texts and numbers is always JSON", impossible);
        }
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, null, task.key(), bytes, headers(task, envelope, FAILED, failure.attempts()));
        continueTrace(record, trace);
        return record;
    }

    private static List<Header> headers(
            ConsumerRecord<byte[], byte[]> task, Envelope envelope, String suffix, int attempts) {
        String id = envelope.id(task);
        String[] own = {
            HeaderNames.ID, id + "." + envelope.trip().redrives(),
            HeaderNames.TYPE, envelope.type() + suffix,
            HeaderNames.SOURCE, "/sluice/" + envelope.trip().originOf(task).topic(),
            HeaderNames.SUBJECT, id,
            HeaderNames.ATTEMPTS, Integer.toString(attempts)
        };
        List<Header> headers = new ArrayList<>(10);
        headers.add(HeaderNames.VERSION_1);
        headers.add(HeaderNames.JSON);
        headers.add(TimeHeader.now());
        // Written once, this is compiled once: a header is little work, but much code.
        for (int i = 0; i < own.length; i += 2) {
            headers.add(HeaderNames.header(own[i], own[i + 1]));
        }
        return headers;
    }

    private static void continueTrace(ProducerRecord<byte[], byte[]> record, @Nullable TraceContext trace) {
        if (trace != null) {
            trace.addTo(record.headers());
        }
    }

    /**
     * Reads a record of the results topic.
     *
     * @throws Undecodable if it is not a task's result
     */
    public static TaskResult read(ConsumerRecord<byte[], byte[]> record) throws Undecodable {
        String subject = HeaderNames.text(record.headers(), HeaderNames.SUBJECT);
        String type = HeaderNames.text(record.headers(), HeaderNames.TYPE);
        if (subject == null || type == null || !(type.endsWith(SUCCEEDED) || type.endsWith(FAILED))) {
            throw new Undecodable("no task's result: its ce_subject is " + subject + " and its ce_type " + type);
        }
        byte @Nullable [] value = record.value();
        if (value == null || !isJson(value)) {
            throw new Undecodable("the result of task " + subject + " is not JSON");
        }
        boolean succeeded = type.endsWith(SUCCEEDED);
        int suffix = (succeeded ? SUCCEEDED : FAILED).length();
        return new TaskResult(
                subject, type.substring(0, type.length() - suffix), succeeded, attempts(record.headers()), value);
    }

    /** Looked through, but not taken apart: most who follow results care for few of them. */
    private static boolean isJson(byte[] value) {
        try (JsonParser parser = Json.mapper().createParser(value)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException fault) {
            return false;
        }
    }

    /** The output or the failure, parsed anew in each call. */
    public JsonNode value() {
        try {
            return Json.mapper().readTree(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a result was JSON when it was read", impossible);
        }
    }

    /**
     * The output as an object of a class.
     *
     * @throws IllegalArgumentException if it does not fit, with the field that does not
     */
    public <T> T as(Class<T> type) {
        try {
            return Json.mapper().readValue(json, type);
        } catch (JsonProcessingException fault) {
            throw new IllegalArgumentException(
                    "the result of task " + taskId + " is no " + type.getSimpleName() + ": " + Json.explain(fault),
                    fault);
        } catch (IOException impossible) {
            throw new UncheckedIOException("bytes in memory can always be read", impossible);
        }
    }

    /** All of it as one JSON object in one line: {@code {"taskId":…,"type":…,"succeeded":…,"attempts":…,"value":…}}. */
    public String toLine() {
        StringWriter line = new StringWriter(128 + json.length);
        try (JsonGenerator generator = Json.mapper().createGenerator(line)) {
            generator.writeStartObject();
            generator.writeStringField("taskId", taskId);
            generator.writeStringField("type", type);
            generator.writeBooleanField("succeeded", succeeded);
            generator.writeNumberField("attempts", attempts);
            generator.writeFieldName("value");
            generator.writeRawValue(inOneLine());
            generator.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("a text in memory can always be written", impossible);
        }
        return line.toString();
    }

    /** The output or the failure without line breaks, which JSON has only between its parts. */
    public String inOneLine() {
        return new String(json, StandardCharsets.UTF_8).replace('\n', ' ').replace('\r', ' ');
    }

    private static int attempts(Headers headers) throws Undecodable {
        @Nullable String text = HeaderNames.text(headers, HeaderNames.ATTEMPTS);
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException fault) {
            throw new Undecodable(HeaderNames.ATTEMPTS + " is no number");
        }
    }
}
