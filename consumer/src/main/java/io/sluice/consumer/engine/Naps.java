package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Leaves the partitions of a delay tier that have nothing unread for a while, when polls come often: a fetch costs the client
 * and the broker for each partition that it may bring records of, most of those are of delay tiers, and most of these are
 * empty. What is written to a tier meanwhile is read late, and is not late for it: it rests for the tier's length.
 *
 * <pre>
 *   awake  two of the longest times that a broker keeps a fetch waiting, so that one fetch at least asks for all
 *   nap    a quarter of the tier's length, 15 s at most
 * </pre>
 *
 * <p>When polls become rare, everything is awake: then fetches are few, and wait at the broker. Poll thread only.
 */
final class Naps {
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** So many polls that brought something within a period are often. */
    private static final int OFTEN = 50;

    /** Its partitions go to sleep and wake up together. */
    private static final class Tier {
        private final String topic;
        private final long napNanos;
        private final Set<TopicPartition> asleep = new HashSet<>();

        /** When it may go to sleep, or has to wake up. */
        private long turnNanos;

        Tier(String topic, Duration length, long now) {
            Duration nap = length.dividedBy(4);
            this.topic = topic;
            this.napNanos = (nap.compareTo(LONGEST) > 0 ? LONGEST : nap).toNanos();
            this.turnNanos = now;
        }
    }

    private final Source source;
    private final Loop clock;
    private final long awakeNanos;
    private final List<Tier> tiers = new ArrayList<>();
    private long periodEndNanos;
    private int brought;
    private boolean often;

    Naps(Source source, Loop clock, Reading reading) {
        this.source = source;
        this.clock = clock;
        this.awakeNanos = reading.fetchMaxWait().multipliedBy(2).toNanos();
        long now = clock.nanoTime();
        reading.tiers().forEach((topic, length) -> tiers.add(new Tier(topic, length, now + awakeNanos)));
        this.periodEndNanos = now + PERIOD.toNanos();
    }

    /** Once a poll. */
    void turn(Collection<OwnedPartition> owned, boolean broughtSomething) {
        long now = clock.nanoTime();
        brought += broughtSomething ? 1 : 0;
        if (now - periodEndNanos >= 0) {
            often = brought >= OFTEN;
            brought = 0;
            periodEndNanos = now + PERIOD.toNanos();
        }
        for (Tier tier : tiers) {
            boolean isTime = now - tier.turnNanos >= 0;
            if (tier.asleep.isEmpty()) {
                if (often && isTime) {
                    sleep(tier, owned, now);
                }
            } else if (isTime || !often) {
                wake(tier, now);
            }
        }
    }

    private void sleep(Tier tier, Collection<OwnedPartition> owned, long now) {
        for (OwnedPartition partition : owned) {
            for (Twin twin : partition.twins()) {
                if (twin.id.topic().equals(tier.topic) && twin.tracker.unsettled() == 0) {
                    tier.asleep.add(twin.id);
                }
            }
        }
        if (tier.asleep.isEmpty()) {
            tier.turnNanos = now + awakeNanos;
        } else {
            source.leave(tier.asleep);
            tier.turnNanos = now + tier.napNanos;
        }
    }

    private void wake(Tier tier, long now) {
        source.resume(tier.asleep);
        tier.asleep.clear();
        tier.turnNanos = now + awakeNanos;
    }

    /** These are not owned any more: whoever gets them again finds them running. */
    void forget(Collection<OwnedPartition> partitions) {
        partitions.forEach(
                partition -> partition.twins().forEach(twin -> tiers.forEach(tier -> tier.asleep.remove(twin.id))));
    }
}
