package io.sluice.consumer.engine;

import java.util.concurrent.atomic.LongAdder;

/** What went wrong on the poll thread's side since the start. Written by the poll thread, read by any. */
final class PollCounts {
    /** Commits found whose metadata was no map. */
    final LongAdder unreadableMaps = new LongAdder();

    /** Commits made whose map had no room for all that was known. */
    final LongAdder cutMaps = new LongAdder();

    /** Records that were deleted before they were settled. */
    final LongAdder lostTasks = new LongAdder();

    /** Handovers that did not wait any longer for what still ran. */
    final LongAdder overlaps = new LongAdder();

    ConsumerStatus.Polling status(int partitions) {
        return new ConsumerStatus.Polling(
                partitions, unreadableMaps.sum(), cutMaps.sum(), lostTasks.sum(), overlaps.sum());
    }
}
