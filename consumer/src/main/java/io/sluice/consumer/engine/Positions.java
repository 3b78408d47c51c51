package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second where the partitions stand that are owned, so that whoever asks need not wait for the poll thread.
 * Poll thread only, but for {@link #last}.
 */
final class Positions {
    private static final Logger log = LoggerFactory.getLogger(Positions.class);
    private static final Duration APART = Duration.ofSeconds(1);

    /**
     * One topic's part of a partition.
     *
     * @param next the offset that is read next
     */
    record Position(OwnedPartition owned, PartitionStatus status, long next) {}

    private final Source source;
    private final Loop clock;
    private long nextNanos;
    private volatile List<Position> last = List.of();

    Positions(Source source, Loop clock) {
        this.source = source;
        this.clock = clock;
        this.nextNanos = clock.nanoTime();
    }

    /** As of the last look. Any thread. */
    List<Position> last() {
        return last;
    }

    /** Looks, if it is time to. */
    void look(Collection<OwnedPartition> owned) {
        if (clock.nanoTime() - nextNanos < 0) {
            return;
        }
        nextNanos = clock.nanoTime() + APART.toNanos();
        try {
            List<Position> found = new ArrayList<>();
            for (OwnedPartition partition : owned) {
                for (Twin twin : partition.twins()) {
                    long next = twin.tracker.position();
                    found.add(new Position(partition, twin.status(source.unread(twin.id, next)), next));
                }
            }
            last = found;
        } catch (RuntimeException e) {
            // Only to be shown to people: the next look is a second away.
            log.debug("Where the partitions stand cannot be seen now", e);
        }
    }
}
