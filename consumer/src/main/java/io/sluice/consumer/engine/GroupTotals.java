package io.sluice.consumer.engine;

import java.util.Map;

/**
 * What a consumer has done as a member of its group, since it started.
 *
 * @param commits that were acknowledged
 * @param failedCommits that were not, and were or will be made again
 * @param offsets by how many offsets the commits have gone on, by topic
 */
public record GroupTotals(long commits, long failedCommits, Map<String, Long> offsets, Rebalances rebalances) {
    /** How often partitions came, were given back, or were lost without being asked for. */
    public record Rebalances(long assigned, long revoked, long lost) {}
}
