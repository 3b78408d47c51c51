package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the group what of its partitions is settled: one commit in flight, and again until it is acknowledged. A commit
 * whose answer is lost has perhaps been made; as each says the whole truth of its moment, to make it again is harmless.
 *
 * <p>An acknowledged commit proves that this consumer is still a member, so from time to time one is made that says
 * nothing new. Poll thread only.
 */
final class Commits {
    private static final Logger log = LoggerFactory.getLogger(Commits.class);

    private final Source source;
    private final Loop clock;
    private final Fence fence;
    private final Runnable onOpened;
    private final PollCounts counts;
    private final Timings timings;
    private final Seldom failures;
    private boolean inFlight;

    /** The broker has been set to take less metadata than it does by default. */
    private boolean withoutMaps;

    /** @param onOpened hears that the fence is open again */
    Commits(Source source, Loop clock, Fence fence, Runnable onOpened, PollCounts counts, Timings timings) {
        this.source = source;
        this.clock = clock;
        this.fence = fence;
        this.onOpened = onOpened;
        this.counts = counts;
        this.timings = timings;
        this.failures = new Seldom(clock);
    }

    /** Sends what is new, if the last commit has been answered. */
    void send(Collection<OwnedPartition> owned) {
        if (inFlight) {
            return;
        }
        Map<Twin, OffsetAndMetadata> commit = committable(owned, fence.wantsProof());
        if (commit.isEmpty()) {
            return;
        }
        long sent = clock.nanoTime();
        inFlight = true;
        try {
            source.commitAsync(offsets(commit), (committed, failure) -> {
                inFlight = false;
                answered(sent, failure == null);
                if (failure == null) {
                    acknowledged(commit, sent);
                } else if (failure instanceof OffsetMetadataTooLarge && !withoutMaps) {
                    leaveOutMaps();
                } else if (failures.now()) {
                    log.warn("A commit failed and will be made again: {}", failure.toString());
                }
            });
        } catch (RuntimeException e) {
            inFlight = false;
            throw e;
        }
    }

    /**
     * Waits until what is new has been answered, for so long at most. A failure is logged only: its tasks run again.
     *
     * @param proof whether to commit also if nothing is new
     */
    void now(Collection<OwnedPartition> partitions, boolean proof, Duration atMost) {
        Map<Twin, OffsetAndMetadata> commit = committable(partitions, proof);
        if (commit.isEmpty()) {
            return;
        }
        long sent = clock.nanoTime();
        try {
            source.commitSync(offsets(commit), atMost);
            answered(sent, true);
            acknowledged(commit, sent);
        } catch (RuntimeException e) {
            answered(sent, false);
            if (e instanceof OffsetMetadataTooLarge && !withoutMaps) {
                leaveOutMaps();
                now(partitions, proof, atMost);
            } else {
                log.warn("A commit of {} failed, its tasks may run again: {}", partitions, e.toString());
            }
        }
    }

    /** @param all what is not news too */
    private Map<Twin, OffsetAndMetadata> committable(Collection<OwnedPartition> partitions, boolean all) {
        // By twins of these lives: by the time of the answer a partition may have gone and come back.
        Map<Twin, OffsetAndMetadata> commit = new LinkedHashMap<>();
        for (OwnedPartition partition : partitions) {
            for (Twin twin : partition.twins()) {
                OffsetAndMetadata committable = twin.tracker.committable();
                if (all || twin.tracker.isNews(committable)) {
                    commit.put(twin, committable);
                    counts.cutMaps.add(twin.tracker.isCut() ? 1 : 0);
                }
            }
        }
        return commit;
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Map<Twin, OffsetAndMetadata> commit) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        commit.forEach((twin, offset) -> offsets.put(
                twin.id, withoutMaps ? new OffsetAndMetadata(offset.offset(), offset.leaderEpoch(), "") : offset));
        return offsets;
    }

    /** Better than no commit at all. */
    private void leaveOutMaps() {
        withoutMaps = true;
        log.error(
                "The broker's offset.metadata.max.bytes is below its default of 4096, so commits cannot say which tasks are settled past a gap: after a crash these run again");
    }

    private void answered(long sent, boolean taken) {
        (taken ? counts.commits : counts.failedCommits).increment();
        timings.committed(clock.nanoTime() - sent);
    }

    private void acknowledged(Map<Twin, OffsetAndMetadata> commit, long sent) {
        commit.forEach((twin, offset) -> counts.committed(twin.id.topic(), twin.tracker.acknowledged(offset)));
        if (fence.proven(sent)) {
            onOpened.run();
        }
    }
}
