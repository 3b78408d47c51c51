package io.sluice.consumer.engine;

import org.apache.kafka.common.TopicPartition;

/**
 * How far one topic's partition has been read and settled.
 *
 * @param unread records behind the last one that was read, as of a few seconds ago; -1 while that is not known
 * @param span records from the first one that is unsettled to the last one that was read
 * @param resting those that wait in a delay topic for their time, read or not
 * @param oldestMillis when the first one that was read and is unsettled was written, in milliseconds since 1970; -1 if
 *     there is none, or it does not say
 */
public record PartitionStatus(TopicPartition partition, long unread, long span, long resting, long oldestMillis) {
    /** Records from the first one that is unsettled to the end of the log; -1 while that is not known. */
    public long lag() {
        return unread < 0 ? -1 : unread + span;
    }
}
