package io.sluice.consumer.engine;

/**
 * Tasks that have left without having run, since the consumer started.
 *
 * @param delayed moved to a delay topic, to wait for their time
 * @param overflowed moved to the overflow topic, since their key, type or kind had more than its share of a partition
 * @param strays moved to the partition of their key
 * @param duplicates dropped, since another copy of them was here already
 */
public record MoveCounts(long delayed, long overflowed, long strays, long duplicates) {}
