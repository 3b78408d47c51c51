package io.sluice.record;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** The names of the headers that Sluice reads and writes, and how their text is encoded: UTF-8. */
public final class HeaderNames {
    public static final String SPEC_VERSION = "ce_specversion";
    public static final String ID = "ce_id";
    public static final String TYPE = "ce_type";
    public static final String SOURCE = "ce_source";
    public static final String SUBJECT = "ce_subject";
    public static final String TIME = "ce_time";
    public static final String NOT_BEFORE = "ce_notbefore";
    public static final String EXPIRY_TIME = "ce_expirytime";
    public static final String CONTENT_TYPE = "content-type";
    public static final String TRACE_PARENT = "traceparent";
    public static final String TRACE_STATE = "tracestate";

    static final String PREFIX = "sluice-";
    static final String SPRING_PREFIX = "kafka_dlt-";

    public static final String ORIGIN_TOPIC = "sluice-origin-topic";
    public static final String ORIGIN_PARTITION = "sluice-origin-partition";
    public static final String ORIGIN_OFFSET = "sluice-origin-offset";
    public static final String ORIGIN_TIMESTAMP = "sluice-origin-timestamp";
    public static final String TASK_ID = "sluice-id";
    public static final String ATTEMPTS = "sluice-attempts";
    public static final String COUNTED = "sluice-counted";
    public static final String DUE = "sluice-due";
    public static final String REASON = "sluice-reason";
    public static final String FIRST_START = "sluice-first-start";
    public static final String FIRST_FAILURE = "sluice-first-failure";
    public static final String LAST_FAILURE = "sluice-last-failure";
    public static final String REDRIVES = "sluice-redrives";
    public static final String MOVES = "sluice-moves";
    public static final String STRAY = "sluice-stray";

    /** Those that say a task's trip. */
    private static final Set<String> TRIP = Set.of(
            ORIGIN_TOPIC,
            ORIGIN_PARTITION,
            ORIGIN_OFFSET,
            ORIGIN_TIMESTAMP,
            TASK_ID,
            ATTEMPTS,
            COUNTED,
            DUE,
            REASON,
            FIRST_START,
            FIRST_FAILURE,
            LAST_FAILURE,
            REDRIVES,
            MOVES,
            STRAY);

    /** Those that a record keeps when nothing else of it fits. */
    static final List<String> OWN = List.of(
            SPEC_VERSION,
            ID,
            TYPE,
            SOURCE,
            SUBJECT,
            TIME,
            ORIGIN_TOPIC,
            ORIGIN_PARTITION,
            ORIGIN_OFFSET,
            ORIGIN_TIMESTAMP,
            TASK_ID,
            ATTEMPTS,
            REASON,
            FIRST_FAILURE,
            LAST_FAILURE,
            REDRIVES);

    static final Header VERSION_1 = header(SPEC_VERSION, "1.0");
    static final Header JSON = header(CONTENT_TYPE, "application/json");

    private HeaderNames() {}

    /** The last header of that name as text, or null if there is none or it has no value. */
    public static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : text(header);
    }

    /** Whether it says something of a task's trip: a copy has its own, whatever the record that it was made of had. */
    static boolean isOfTrip(String name) {
        // Most headers are not, and the set would hash the name of each.
        return name.startsWith(PREFIX) && TRIP.contains(name);
    }

    /** Of a header that has a value. */
    static String text(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Header header(String name, String value) {
        return new RecordHeader(name, bytes(value));
    }

    static void put(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.remove(name);
            headers.add(name, bytes(value));
        }
    }
}
