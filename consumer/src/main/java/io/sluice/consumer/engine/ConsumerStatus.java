package io.sluice.consumer.engine;

import java.util.Map;

/**
 * A consumer at one moment.
 *
 * @param partitions how many it owns
 * @param inFlight attempts that hold a permit
 * @param waiting tasks in lanes
 * @param backingOff tasks that wait for their next attempt or their due time
 * @param settling tasks whose records the broker has not acknowledged yet
 */
public record ConsumerStatus(
        int partitions, int inFlight, int waiting, int backingOff, int settling, Map<String, TypeStatus> types) {}
