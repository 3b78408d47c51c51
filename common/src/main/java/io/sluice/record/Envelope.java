package io.sluice.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What the pipeline needs to know of a task before it runs. Whatever a record leaves out has its default, so a bare JSON
 * value is a task too.
 *
 * @param ownId {@code sluice-id} of a copy, or {@code ce_id}; null if the record has neither, see {@link #id}
 * @param type {@code ce_type}, or the topic's default type
 * @param notBefore when the task is due; null means at once
 * @param expiry from when on it must not start any more; null means never
 * @param data the payload as JSON text, not yet looked into; null if the record has no value
 * @param trip its way so far, if the record is a copy
 */
public record Envelope(
        @Nullable String ownId,
        String type,
        @Nullable Instant notBefore,
        @Nullable Instant expiry,
        byte @Nullable [] data,
        Trip trip) {

    private static final String STRUCTURED = "application/cloudevents+json";

    /** That of an original. */
    public Envelope(
            String ownId, String type, @Nullable Instant notBefore, @Nullable Instant expiry, byte @Nullable [] data) {
        this(ownId, type, notBefore, expiry, data, Trip.NONE);
    }

    /**
     * The task's id: its own, or {@code topic-partition-offset}, which is written anew each time.
     *
     * @param record that this was read of
     */
    public String id(ConsumerRecord<byte[], byte[]> record) {
        return ownId == null ? record.topic() + "-" + record.partition() + "-" + record.offset() : ownId;
    }

    /** When the task is to go on, as its trip says or else the task itself; null means at once. */
    public @Nullable Instant due() {
        return trip.due() != null ? trip.due() : notBefore;
    }

    /**
     * Reads a record in binary or in structured mode.
     *
     * @throws Undecodable if its CloudEvents attributes, or the headers of its trip, make no sense
     */
    public static Envelope read(ConsumerRecord<byte[], byte[]> record, String defaultType) throws Undecodable {
        Headers headers = record.headers();
        if (!headers.iterator().hasNext()) {
            return new Envelope(null, defaultType, null, null, record.value(), Trip.NONE);
        }
        Trip trip = Trip.read(headers);
        Attributes attributes = new Attributes(headers);
        String contentType = attributes.contentType;
        if (contentType != null && contentType.regionMatches(true, 0, STRUCTURED, 0, STRUCTURED.length())) {
            return structured(record, attributes.keptId, defaultType, trip);
        }
        checkVersion(attributes.specVersion);
        return new Envelope(
                firstOf(attributes.keptId, attributes.id),
                orElse(attributes.type, defaultType),
                instant(HeaderNames.NOT_BEFORE, attributes.notBefore),
                instant(HeaderNames.EXPIRY_TIME, attributes.expiry),
                record.value(),
                trip);
    }

    /** What can be said of a record that {@link #read} refuses, so that its dead letter has an id all the same. */
    public static Envelope ofUndecodable(ConsumerRecord<byte[], byte[]> record, String defaultType) {
        Attributes attributes = new Attributes(record.headers());
        return new Envelope(
                firstOf(attributes.keptId, attributes.id),
                orElse(attributes.type, defaultType),
                null,
                null,
                record.value(),
                Trip.readable(record.headers()));
    }

    private static Envelope structured(
            ConsumerRecord<byte[], byte[]> record, @Nullable String keptId, String defaultType, Trip trip)
            throws Undecodable {
        JsonNode event;
        try {
            event = Json.mapper().readTree(record.value() == null ? new byte[0] : record.value());
        } catch (JsonProcessingException fault) {
            throw new Undecodable("the structured CloudEvent is not JSON: " + Json.explain(fault));
        } catch (IOException fault) {
            throw new Undecodable("the structured CloudEvent cannot be read: " + fault.getMessage());
        }
        if (event == null || !event.isObject()) {
            throw new Undecodable("the structured CloudEvent is not a JSON object");
        }
        checkVersion(text(event, "specversion"));
        return new Envelope(
                firstOf(keptId, text(event, "id")),
                orElse(text(event, "type"), defaultType),
                instant("notbefore", text(event, "notbefore")),
                instant("expirytime", text(event, "expirytime")),
                data(event),
                trip);
    }

    private static byte @Nullable [] data(JsonNode event) throws Undecodable {
        try {
            if (event.hasNonNull("data_base64")) {
                byte[] data = event.get("data_base64").binaryValue();
                if (data == null) {
                    throw new Undecodable("data_base64 of the structured CloudEvent is not base64");
                }
                return data;
            }
            return event.has("data") ? Json.mapper().writeValueAsBytes(event.get("data")) : null;
        } catch (IOException fault) {
            throw new Undecodable("data_base64 of the structured CloudEvent is not base64");
        }
    }

    private static @Nullable String text(JsonNode event, String name) throws Undecodable {
        JsonNode value = event.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new Undecodable(name + " of the structured CloudEvent is not a text");
        }
        return value.textValue();
    }

    private static void checkVersion(@Nullable String version) throws Undecodable {
        if (version != null && !version.startsWith("1.")) {
            throw new Undecodable("CloudEvents version " + Values.quoted(version) + " is not supported, only 1.x is");
        }
    }

    private static @Nullable Instant instant(String name, @Nullable String text) throws Undecodable {
        return text == null ? null : Values.time(name, text);
    }

    private static String orElse(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** The first that is there and says something; null if none does. */
    private static @Nullable String firstOf(@Nullable String kept, @Nullable String given) {
        if (kept != null && !kept.isEmpty()) {
            return kept;
        }
        return given == null || given.isEmpty() ? null : given;
    }
}
