package io.sluice.consumer.engine;

import java.util.Map;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a topic partition is read from now that it is owned.
 *
 * @param committed what the group knows of it
 * @param map what is settled past that
 * @param position where reading begins
 * @param lost how many unsettled records do not exist any more, from the committed offset up to the position
 * @param unreadable whether something was committed with it that is no map
 * @param wrong whether what the group knows is not true any more, and must not be found there by the next owner
 */
record Resume(
        OffsetAndMetadata committed,
        OffsetMap map,
        OffsetAndMetadata position,
        long lost,
        boolean unreadable,
        boolean wrong) {
    private static final Logger log = LoggerFactory.getLogger(Resume.class);

    /**
     * What the client found wrong with its positions.
     *
     * @param outOfRange offsets where there is nothing to be read
     * @param divergent up to where the log is still the one that was read, where the client knows
     */
    record Invalid(Map<TopicPartition, Long> outOfRange, Map<TopicPartition, OffsetAndMetadata> divergent) {
        static final Invalid NONE = new Invalid(Map.of(), Map.of());

        static Invalid of(InvalidOffsetException e) {
            return new Invalid(
                    e instanceof OffsetOutOfRangeException outside ? outside.offsetOutOfRangePartitions() : Map.of(),
                    e instanceof LogTruncationException truncated ? truncated.divergentOffsets() : Map.of());
        }
    }

    /**
     * With nothing committed, the beginning. Where the log was truncated, the committed offset or the one up to which the
     * log is the same, whichever is smaller. Above its end, the beginning: it is another log. Else the committed offset,
     * as far as it still exists.
     *
     * @param left what is committed, if anything
     * @param beginning the first offset that exists
     */
    static Resume of(TopicPartition id, @Nullable OffsetAndMetadata left, long beginning, Invalid invalid) {
        if (left == null) {
            return from(new OffsetAndMetadata(beginning), false);
        }
        OffsetAndMetadata divergent = invalid.divergent.get(id);
        long outOfRange = invalid.outOfRange.getOrDefault(id, -1L);
        if (divergent != null) {
            OffsetAndMetadata start = divergent.offset() < left.offset() ? divergent : left;
            log.error(
                    "{} was cut off at offset {}, committed was {}: its tasks run again from offset {}",
                    id,
                    divergent.offset(),
                    left.offset(),
                    Math.max(start.offset(), beginning));
            return from(start.offset() < beginning ? new OffsetAndMetadata(beginning) : start, true);
        }
        if (left.offset() >= beginning && outOfRange > beginning) {
            boolean isOtherLog = left.offset() == outOfRange;
            OffsetAndMetadata start = isOtherLog ? new OffsetAndMetadata(beginning) : left;
            log.error(
                    "{} ends before offset {}, which it had reached: its tasks run again from offset {}",
                    id,
                    outOfRange,
                    start.offset());
            return from(start, true);
        }
        OffsetMap map = OffsetMap.read(left.offset(), left.metadata());
        boolean unreadable = map == null;
        if (unreadable) {
            log.warn(
                    "What was committed for {} with offset {} is no map of Sluice's, going on without",
                    id,
                    left.offset());
        }
        OffsetMap known = map == null ? OffsetMap.none(left.offset()) : map;
        OffsetAndMetadata committed = unreadable ? without(left) : left;
        return left.offset() >= beginning
                ? new Resume(committed, known, committed, 0, unreadable, false)
                : new Resume(
                        committed,
                        known,
                        new OffsetAndMetadata(beginning),
                        known.unsettled(left.offset(), beginning),
                        unreadable,
                        false);
    }

    private static Resume from(OffsetAndMetadata start, boolean wrong) {
        OffsetAndMetadata plain = without(start);
        return new Resume(plain, OffsetMap.none(start.offset()), plain, 0, false, wrong);
    }

    private static OffsetAndMetadata without(OffsetAndMetadata offset) {
        return new OffsetAndMetadata(offset.offset(), offset.leaderEpoch(), "");
    }

    /** The first record that is lost; to be asked only if one is. */
    long firstLost() {
        return map.firstUnsettled();
    }
}
