package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * Leaves the partitions that have nothing unread for a while, of all topics but the one where tasks come from, when polls come
 * often: a fetch costs the client and the broker for each partition that it may bring records of, and most of these are
 * empty. What is written to a delay tier meanwhile is read late, and is not late for it: it rests for the tier's length. Into
 * the overflow topic nobody writes but its partition's owner, which is this consumer, and so wakes it up; but for an
 * earlier owner: so a partition that has just come counts as one of which something has been moved there, and what an owner that was
 * frozen still writes is found after a nap.
 *
 * <pre>
 *   awake  two of the longest times that a broker keeps a fetch waiting, so that one fetch at least asks for all; of the
 *          overflow topic, after something has been moved there or a partition has come, 15 s: by then it is known whether it has been read
 *   nap    a quarter of the tier's length, 15 s at most; of the overflow topic 15 s, or until something has been moved there
 * </pre>
 *
 * <p>When polls become rare, everything is awake: then fetches are few, and wait at the broker. Poll thread only.
 */
final class Naps {
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** So many polls that brought something within a period are often. */
    private static final int OFTEN = 50;

    /** A topic, whose partitions go to sleep and wake up together. */
    private static final class Sleeper {
        private final String topic;
        private final long napNanos;

        /** Whether the owner of that partition has written to it since that was asked last. */
        private final Predicate<OwnedPartition> isWoken;

        private final Set<TopicPartition> asleep = new HashSet<>();

        /** When it may go to sleep, or has to wake up. */
        private long turnNanos;

        Sleeper(String topic, Duration nap, Predicate<OwnedPartition> isWoken, long turnNanos) {
            this.topic = topic;
            this.napNanos = (nap.compareTo(LONGEST) > 0 ? LONGEST : nap).toNanos();
            this.isWoken = isWoken;
            this.turnNanos = turnNanos;
        }
    }

    private final Source source;
    private final Loop clock;
    private final Predicate<Twin> isPaused;
    private final long awakeNanos;
    private final List<Sleeper> sleepers = new ArrayList<>();
    private long periodEndNanos;
    private int brought;
    private boolean often;

    /** @param isPaused whether it is, for another reason */
    Naps(Source source, Loop clock, Reading reading, Predicate<Twin> isPaused) {
        this.source = source;
        this.clock = clock;
        this.isPaused = isPaused;
        this.awakeNanos = reading.fetchMaxWait().multipliedBy(2).toNanos();
        long now = clock.nanoTime();
        long first = now + awakeNanos;
        reading.tiers()
                .forEach((topic, length) ->
                        sleepers.add(new Sleeper(topic, length.dividedBy(4), partition -> false, first)));
        reading.work().stream()
                .skip(1)
                .forEach(topic -> sleepers.add(new Sleeper(topic, LONGEST, OwnedPartition::hasOverflowed, first)));
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
        for (Sleeper sleeper : sleepers) {
            boolean isTime = now - sleeper.turnNanos >= 0;
            boolean isWoken = isWoken(sleeper, owned);
            if (isWoken) {
                wake(sleeper);
                sleeper.turnNanos = now + LONGEST.toNanos();
            } else if (!sleeper.asleep.isEmpty() && (isTime || !often)) {
                wake(sleeper);
                sleeper.turnNanos = now + awakeNanos;
            } else if (sleeper.asleep.isEmpty() && often && isTime) {
                sleep(sleeper, owned, now);
            }
        }
    }

    private static boolean isWoken(Sleeper sleeper, Collection<OwnedPartition> owned) {
        boolean woken = false;
        for (OwnedPartition partition : owned) {
            woken |= sleeper.isWoken.test(partition);
        }
        return woken;
    }

    private void sleep(Sleeper sleeper, Collection<OwnedPartition> owned, long now) {
        for (OwnedPartition partition : owned) {
            for (Twin twin : partition.twins()) {
                if (twin.id.topic().equals(sleeper.topic) && isDone(twin)) {
                    sleeper.asleep.add(twin.id);
                }
            }
        }
        if (sleeper.asleep.isEmpty()) {
            sleeper.turnNanos = now + awakeNanos;
        } else {
            source.leave(sleeper.asleep);
            sleeper.turnNanos = now + sleeper.napNanos;
        }
    }

    /** Whether all that is in it, as far as that is known, has been read and settled. */
    private boolean isDone(Twin twin) {
        return twin.tracker.unsettled() == 0
                && !isPaused.test(twin)
                && source.unread(twin.id, twin.tracker.position()).orElse(1) == 0;
    }

    private void wake(Sleeper sleeper) {
        if (!sleeper.asleep.isEmpty()) {
            source.resume(sleeper.asleep);
            sleeper.asleep.clear();
        }
    }

    /** These are not owned any more: whoever gets them again finds them running. */
    void forget(Collection<OwnedPartition> partitions) {
        partitions.forEach(partition ->
                partition.twins().forEach(twin -> sleepers.forEach(sleeper -> sleeper.asleep.remove(twin.id))));
    }
}
