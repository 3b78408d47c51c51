package io.sluice.record;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A task's record moved to another topic: key, value and headers as they are, and headers that say its trip. All are
 * text, times as RFC 3339; what has nothing to say is left out.
 *
 * <pre>
 *   sluice-origin-topic  sluice-origin-partition  sluice-origin-offset  sluice-origin-timestamp   the first original
 *   sluice-id                                                             the task's id
 *   sluice-attempts  sluice-counted                                       made, and those that count
 *   sluice-first-start  sluice-first-failure  sluice-last-failure
 *   sluice-due                                                            when it is to go on
 *   sluice-redrives  sluice-moves  sluice-stray
 * </pre>
 */
public final class Copy {
    private Copy() {}

    /**
     * The copy of a record.
     *
     * @param partition of the topic; the key is not asked
     * @param id the task's id, which the copy keeps
     * @param trip up to here; the copy counts one move more. A dead letter that was sent again is no longer one: the copy
     *     does not have the headers that said why it died
     */
    public static ProducerRecord<byte[], byte[]> of(
            String topic, int partition, ConsumerRecord<byte[], byte[]> record, String id, Trip trip) {
        Headers headers = new RecordHeaders();
        boolean redriven = record.headers().lastHeader(HeaderNames.REASON) != null;
        for (Header header : record.headers()) {
            boolean old = HeaderNames.isOfTrip(header.key())
                    || (redriven && header.key().startsWith(HeaderNames.SPRING_PREFIX));
            if (!old) {
                headers.add(header);
            }
        }
        Origin origin = trip.originOf(record);
        write(headers, origin);
        add(headers, HeaderNames.TASK_ID, id);
        write(headers, trip.moved(origin));
        // The time of the move, not of the original: the delays count from it.
        return new ProducerRecord<>(topic, partition, null, record.key(), record.value(), headers);
    }

    /** Replaces what is there. */
    static void write(Headers headers, Origin origin) {
        HeaderNames.put(headers, HeaderNames.ORIGIN_TOPIC, origin.topic());
        HeaderNames.put(headers, HeaderNames.ORIGIN_PARTITION, Integer.toString(origin.partition()));
        HeaderNames.put(headers, HeaderNames.ORIGIN_OFFSET, Long.toString(origin.offset()));
        if (origin.timestamp() >= 0) {
            HeaderNames.put(headers, HeaderNames.ORIGIN_TIMESTAMP, Long.toString(origin.timestamp()));
        }
    }

    private static void write(Headers headers, Trip trip) {
        Tries tries = trip.tries();
        addCount(headers, HeaderNames.ATTEMPTS, tries.made());
        addCount(headers, HeaderNames.COUNTED, tries.counted());
        addTime(headers, HeaderNames.FIRST_START, tries.firstStart());
        addTime(headers, HeaderNames.FIRST_FAILURE, tries.firstFailure());
        addTime(headers, HeaderNames.LAST_FAILURE, tries.lastFailure());
        addTime(headers, HeaderNames.DUE, trip.due());
        addCount(headers, HeaderNames.REDRIVES, trip.redrives());
        addCount(headers, HeaderNames.MOVES, trip.moves());
        if (trip.stray()) {
            add(headers, HeaderNames.STRAY, "true");
        }
    }

    private static void addCount(Headers headers, String name, int count) {
        if (count > 0) {
            add(headers, name, Integer.toString(count));
        }
    }

    private static void addTime(Headers headers, String name, @Nullable Instant time) {
        if (time != null) {
            add(headers, name, time.toString());
        }
    }

    private static void add(Headers headers, String name, String text) {
        headers.add(name, HeaderNames.bytes(text));
    }
}
