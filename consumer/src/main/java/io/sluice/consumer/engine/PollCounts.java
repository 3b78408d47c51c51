package io.sluice.consumer.engine;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What has been done, and has gone wrong, on the poll thread's side since the start. Written by the poll thread, read by any. */
final class PollCounts {
    /** Commits found whose metadata was no map. */
    final LongAdder unreadableMaps = new LongAdder();

    /** Commits made whose map had no room for all that was known. */
    final LongAdder cutMaps = new LongAdder();

    /** Records that were deleted before they were settled. */
    final LongAdder lostTasks = new LongAdder();

    /** Handovers that did not wait any longer for what still ran. */
    final LongAdder overlaps = new LongAdder();

    final LongAdder commits = new LongAdder();

    final LongAdder failedCommits = new LongAdder();

    final LongAdder assignments = new LongAdder();

    final LongAdder revocations = new LongAdder();

    final LongAdder losses = new LongAdder();

    private final Map<String, LongAdder> offsets = new ConcurrentHashMap<>();

    void committed(String topic, long further) {
        offsets.computeIfAbsent(topic, added -> new LongAdder()).add(further);
    }

    GroupTotals totals() {
        Map<String, Long> sums = new TreeMap<>();
        offsets.forEach((topic, sum) -> sums.put(topic, sum.sum()));
        return new GroupTotals(
                commits.sum(),
                failedCommits.sum(),
                Collections.unmodifiableMap(sums),
                new GroupTotals.Rebalances(assignments.sum(), revocations.sum(), losses.sum()));
    }

    ConsumerStatus.Polling status(int partitions) {
        return new ConsumerStatus.Polling(
                partitions, unreadableMaps.sum(), cutMaps.sum(), lostTasks.sum(), overlaps.sum());
    }
}
