package io.sluice.record;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A task's way through the topics so far, as the headers of a copy say it. Immutable.
 *
 * @param origin the first original; null if the record is that itself
 * @param tries what has been tried on the way
 * @param due when it is to go on; null means that the original alone says when
 * @param redrives how often it was sent again after it had been a dead letter
 * @param moves how many moves it has behind it, since it was last sent again
 * @param stray whether it has been moved to the partition that its key belongs to, which is done once
 */
public record Trip(
        @Nullable Origin origin, Tries tries, @Nullable Instant due, int redrives, int moves, boolean stray) {
    /** That of an original. */
    public static final Trip NONE = new Trip(null, Tries.NONE, null, 0, 0, false);

    /**
     * Reads a record's headers.
     *
     * <p>The origin counts only whole: topic, partition and offset. A record without one, or without a move or a redrive
     * behind it, is no copy, so the attempts and moves that it speaks of are another's (a result that is read as a task has its maker's). A dead letter that was
     * sent again starts over: only its origin and its redrives are read, and one is added to these.
     *
     * @throws Undecodable if a value is unreadable; it names the header
     */
    static Trip read(Headers headers) throws Undecodable {
        TripReader reader = new TripReader(headers);
        Trip trip = reader.read();
        reader.requireReadable();
        return trip;
    }

    /** What can be read of it. */
    static Trip readable(Headers headers) {
        return new TripReader(headers).read();
    }

    /**
     * When a copy is to go on, without a look at the rest; null if it does not say.
     *
     * @throws Undecodable if it says so unreadably
     */
    public static @Nullable Instant due(Headers headers) throws Undecodable {
        String text = HeaderNames.text(headers, HeaderNames.DUE);
        return text == null || headers.lastHeader(HeaderNames.REASON) != null
                ? null
                : Values.time(HeaderNames.DUE, text);
    }

    /** Whether the record is a copy of another. */
    public boolean isCopy() {
        return origin != null;
    }

    /** Where the task of this record was first. */
    public Origin originOf(ConsumerRecord<byte[], byte[]> record) {
        return origin == null ? Origin.of(record) : origin;
    }

    /**
     * The same after more has been tried.
     *
     * @param nextDue when it is to go on; null if nothing is to be waited for
     */
    public Trip after(Tries soFar, @Nullable Instant nextDue) {
        return new Trip(origin, soFar, nextDue, redrives, moves, stray);
    }

    /** The same, as one that goes to the partition of its key. */
    public Trip asStray() {
        return new Trip(origin, tries, due, redrives, moves, true);
    }

    /** The same, one move further from where it began. */
    Trip moved(Origin from) {
        return new Trip(from, tries, due, redrives, Math.min(moves + 1, Values.MOST), stray);
    }
}
