package io.sluice.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record of the control topic that pauses a type or resumes it. Of the records of a type the last one counts.
 *
 * <pre>
 * key     pause:TYPE                                      in UTF-8
 * value   {"since":"2026-11-22T20:46:39Z","by":"ann"}     paused; both fields are for people, and may be missing
 *         null                                            resumed
 * </pre>
 *
 * @param inForce whether it pauses the type
 * @param since when it was written, if that is known
 * @param by who has written it, if that is known
 */
public record Pause(
        String type,
        boolean inForce,
        @Nullable Instant since,
        @Nullable String by) {
    private static final String PREFIX = "pause:";
    private static final String SINCE = "since";
    private static final String BY = "by";

    /** Hears of a value that makes no sense. */
    @FunctionalInterface
    public interface Doubts {
        void unreadable(String type, String why);
    }

    /** No task of the type is to start from now on. */
    public static Pause of(String type, @Nullable Instant since, @Nullable String by) {
        return new Pause(type, true, since, by);
    }

    /** Tasks of the type may start again. */
    public static Pause end(String type) {
        return new Pause(type, false, null, null);
    }

    /** The record, without a partition: the control topic has one. */
    public ProducerRecord<byte[], byte[]> toRecord(String controlTopic) {
        return new ProducerRecord<>(controlTopic, HeaderNames.bytes(PREFIX + type), inForce ? value() : null);
    }

    private byte[] value() {
        ObjectNode value = Json.mapper().createObjectNode();
        if (since != null) {
            value.put(SINCE, since.toString());
        }
        if (by != null) {
            value.put(BY, by);
        }
        return HeaderNames.bytes(value.toString());
    }

    /**
     * Reads one.
     *
     * @return empty for a record that says something else: there are other kinds
     */
    public static Optional<Pause> read(ConsumerRecord<byte[], byte[]> record, Doubts doubts) {
        byte[] bytes = record.key();
        String key = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
        if (!key.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String type = key.substring(PREFIX.length());
        if (record.value() == null) {
            return Optional.of(end(type));
        }
        try {
            return Optional.of(read(type, record.value()));
        } catch (JsonProcessingException e) {
            doubts.unreadable(type, Json.explain(e));
        } catch (IOException | DateTimeException e) {
            doubts.unreadable(type, String.valueOf(e.getMessage()));
        }
        // That somebody wanted to pause the type is beyond doubt. Tasks that wait can be let go later; tasks that ran
        // against somebody's will cannot be taken back.
        return Optional.of(of(type, null, null));
    }

    private static Pause read(String type, byte[] value) throws IOException {
        JsonNode fields = Json.mapper().readTree(value);
        if (fields == null || !fields.isObject()) {
            throw new IOException("it is no JSON object");
        }
        JsonNode since = fields.get(SINCE);
        JsonNode by = fields.get(BY);
        return of(type, since == null ? null : Instant.parse(since.asText()), by == null ? null : by.asText());
    }
}
