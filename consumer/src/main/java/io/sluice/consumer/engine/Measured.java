package io.sluice.consumer.engine;

import java.util.List;

/**
 * What there is to be measured of a consumer at one moment.
 *
 * @param partitions of all topics that are read, about a second ago
 * @param scalingBacklog how many tasks more consumers could run now, about
 */
public record Measured(
        ConsumerStatus status, List<PartitionStatus> partitions, GroupTotals totals, long scalingBacklog) {
    /** Measures now. Loop thread only. */
    public static Measured of(Dispatcher dispatcher, PollLoop pollLoop) {
        List<Positions.Position> positions = pollLoop.positions();
        return new Measured(
                dispatcher.status(pollLoop.status()),
                positions.stream().map(Positions.Position::status).toList(),
                pollLoop.totals(),
                dispatcher.scalingBacklog(positions));
    }
}
