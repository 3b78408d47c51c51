package io.sluice.record;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads a trip: what is unreadable counts as missing, and the first of it is kept. One pass over the headers. */
final class TripReader {
    /** Kafka's own limit. */
    private static final int LONGEST_TOPIC = 249;

    private final Map<String, String> texts;
    private @Nullable Undecodable unreadable;

    TripReader(Headers headers) {
        this.texts = texts(headers);
    }

    /** Of headers that repeat, the last counts. */
    private static Map<String, String> texts(Headers headers) {
        Map<String, String> texts = Map.of();
        for (Header header : headers) {
            if (HeaderNames.isOfTrip(header.key()) && header.value() != null) {
                if (texts.isEmpty()) {
                    texts = new HashMap<>();
                }
                texts.put(header.key(), HeaderNames.text(header));
            }
        }
        return texts;
    }

    /** @throws Undecodable if a value that {@link #read} looked at was unreadable */
    void requireReadable() throws Undecodable {
        if (unreadable != null) {
            throw unreadable;
        }
    }

    Trip read() {
        if (texts.isEmpty()) {
            return Trip.NONE;
        }
        @Nullable Origin origin = origin();
        int redrives = count(HeaderNames.REDRIVES);
        if (texts.containsKey(HeaderNames.REASON)) {
            return new Trip(origin, Tries.NONE, null, Math.min(redrives + 1, Values.MOST), 0, false);
        }
        Tries tries = tries();
        int moves = count(HeaderNames.MOVES);
        boolean isCopy = origin != null && (moves > 0 || redrives > 0);
        return new Trip(
                isCopy ? origin : null,
                isCopy ? tries : Tries.NONE,
                time(HeaderNames.DUE),
                redrives,
                isCopy ? moves : 0,
                flag(HeaderNames.STRAY));
    }

    private Tries tries() {
        return new Tries(
                count(HeaderNames.ATTEMPTS),
                count(HeaderNames.COUNTED),
                time(HeaderNames.FIRST_START),
                time(HeaderNames.FIRST_FAILURE),
                time(HeaderNames.LAST_FAILURE));
    }

    private @Nullable Origin origin() {
        String topic = texts.getOrDefault(HeaderNames.ORIGIN_TOPIC, "");
        long partition = position(HeaderNames.ORIGIN_PARTITION, Integer.MAX_VALUE);
        long offset = position(HeaderNames.ORIGIN_OFFSET, Long.MAX_VALUE);
        if (topic.isEmpty() || topic.length() > LONGEST_TOPIC || partition < 0 || offset < 0) {
            return null;
        }
        long timestamp = position(HeaderNames.ORIGIN_TIMESTAMP, Long.MAX_VALUE);
        return new Origin(topic, (int) partition, offset, timestamp < 0 ? ConsumerRecord.NO_TIMESTAMP : timestamp);
    }

    /** From 0 to the largest, or -1 if it is missing or something else. */
    private long position(String name, long largest) {
        try {
            long position = Long.parseLong(texts.getOrDefault(name, ""));
            return position >= 0 && position <= largest ? position : -1;
        } catch (NumberFormatException none) {
            return -1;
        }
    }

    private int count(String name) {
        @Nullable Integer count = read(name, Values::count);
        return count == null ? 0 : count;
    }

    private @Nullable Instant time(String name) {
        return read(name, Values::time);
    }

    private boolean flag(String name) {
        return Boolean.TRUE.equals(read(name, Values::flag));
    }

    private <T> @Nullable T read(String name, Value<T> value) {
        @Nullable String text = texts.get(name);
        if (text == null) {
            return null;
        }
        try {
            return value.of(name, text);
        } catch (Undecodable e) {
            unreadable = unreadable == null ? e : unreadable;
            return null;
        }
    }

    private interface Value<T> {
        T of(String name, String text) throws Undecodable;
    }
}
