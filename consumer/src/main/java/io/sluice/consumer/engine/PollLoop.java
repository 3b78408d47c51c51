package io.sluice.consumer.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls, tracks, hands over, pauses and resumes, commits; and does nothing else. It waits for work in a revocation, and for
 * a moment before a pause. Poll thread only, but for the methods that say otherwise.
 */
public final class PollLoop implements Source.Listener {
    private static final Logger log = LoggerFactory.getLogger(PollLoop.class);

    private static final Duration AFTER_A_FAILURE = Duration.ofMillis(100);

    private static final Duration LAST_COMMIT = Duration.ofSeconds(5);

    /** How the poll thread waits for a condition that others bring about. */
    @FunctionalInterface
    public interface Waiting {
        /** Returns when the condition holds, or when the time is over; whether it holds. */
        boolean until(BooleanSupplier condition, Duration atMost);
    }

    /**
     * What it goes by.
     *
     * @param commitInterval between commits, while tasks settle
     * @param handoverAtMost how long a revocation may be held up before the group would expel this member
     * @param timings hears how long polls, commits and handovers take
     */
    public record Plan(Reading reading, Duration commitInterval, Duration handoverAtMost, Timings timings) {}

    private final Source source;
    private final Dispatcher dispatcher;
    private final Loop clock;
    private final Fence fence;
    private final Waiting waiting;
    private final Plan plan;
    private final PollCounts counts = new PollCounts();
    private final Ownership ownership;
    private final Window window;
    private final Naps naps;
    private final Commits commits;
    private final Handover handover;
    private final Positions positions;
    private final PollSigns signs;
    private final Timings timings;
    private long nextCommitNanos;

    /** When the turn before this one began: what is heard of in this one was not said before that. */
    private long heardSinceNanos;

    private volatile List<Task> oldest = List.of();
    private volatile boolean taking = true;
    private volatile boolean stopping;

    /** @param fence the dispatcher's own */
    public PollLoop(Source source, Dispatcher dispatcher, Loop clock, Fence fence, Waiting waiting, Plan plan) {
        this.source = source;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.fence = fence;
        this.waiting = waiting;
        this.plan = plan;
        this.ownership = new Ownership(source, plan.reading(), clock, dispatcher::lost, counts);
        this.window = new Window(source, waiting, plan.reading().maxPollRecords());
        this.naps = new Naps(source, clock, plan.reading(), window::isPaused);
        this.timings = FencedTimings.around(plan.timings(), clock);
        this.signs = new PollSigns(clock);
        this.positions = new Positions(source, clock);
        this.commits = new Commits(source, clock, fence, dispatcher::lookAgain, counts, timings);
        this.handover = new Handover(dispatcher, commits, clock, waiting, plan.handoverAtMost(), fence.proofInterval());
        this.nextCommitNanos = clock.nanoTime();
    }

    /** Joins the group. Before the first turn. */
    public void start() {
        heardSinceNanos = clock.nanoTime();
        source.subscribe(this);
    }

    /**
     * One round: poll, track, hand over, pause or resume, commit.
     *
     * @throws RuntimeException what the client throws and time does not heal
     */
    public void turn() {
        long began = clock.nanoTime();
        timings.polled(signs.turns());
        try {
            round();
        } catch (RetriableException e) {
            log.warn("The broker did not answer, trying again: {}", e.toString());
            // A client may say so at once, again and again.
            waiting.until(() -> false, AFTER_A_FAILURE);
        }
        heardSinceNanos = began;
    }

    private void round() {
        try {
            Source.Batch batch = source.poll(window.patience(ownership.all(), clock.now()));
            Set<TopicPartition> assigned = source.assignment();
            loseUnassigned(assigned);
            take(batch);
            ownership.adopt(assigned, Resume.Invalid.NONE);
            if (taking) {
                naps.turn(ownership.all(), !batch.records().isEmpty());
            }
        } catch (InvalidOffsetException e) {
            loseUnassigned(source.assignment());
            restart(e);
        }
        window.adjust(ownership.all(), taking);
        if (clock.nanoTime() - nextCommitNanos >= 0) {
            nextCommitNanos = clock.nanoTime() + plan.commitInterval().toNanos();
            commits.send(ownership.all());
            oldest = ownership.oldest();
            signs.isMember(source.isMember());
            positions.look(ownership.all());
        }
    }

    /** Takes no more tasks, but stays a member and goes on committing. Any thread. */
    public void stopTaking() {
        taking = false;
    }

    /**
     * Waits for nothing any more, not even in a revocation: what still runs by now is stuck, what is still unsettled waits
     * for a broker that does not answer (P7). Any thread, after a drain.
     */
    public void stop() {
        stopping = true;
    }

    /** What it has, and what has gone wrong. Any thread. */
    public ConsumerStatus.Polling status() {
        return counts.status(ownership.count());
    }

    /** What it has done as a member of its group. Any thread. */
    public GroupTotals totals() {
        return counts.totals();
    }

    /** Where the partitions stood about a second ago. Any thread. */
    List<Positions.Position> positions() {
        return positions.last();
    }

    /** Whether it is alive. Any thread. */
    PollSigns signs() {
        return signs;
    }

    /**
     * What holds back each topic partition's commit: its first unsettled task that does not rest, about as of the last
     * commit. Any thread.
     */
    List<Task> oldest() {
        return oldest;
    }

    /**
     * Commits what is settled and leaves the group. After the last turn.
     *
     * @param drained nothing runs any more: what is still open waits for a broker that does not answer, and is not waited
     *     for. Otherwise leaving is a revocation like any other
     */
    public void close(boolean drained) {
        try {
            commits.now(ownership.all(), false, LAST_COMMIT);
            if (drained) {
                ownership.removeAll().forEach(OwnedPartition::giveUp);
            }
        } finally {
            source.close(LAST_COMMIT);
        }
    }

    private void take(Source.Batch batch) {
        List<Task> ready = new ArrayList<>();
        Instant now = clock.now();
        for (Map.Entry<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> each :
                batch.records().entrySet()) {
            Twin twin = ownership.get(each.getKey());
            // What is read of a partition before it has been sought to its committed offset is read again from there.
            if (twin != null) {
                for (ConsumerRecord<byte[], byte[]> record : each.getValue()) {
                    twin.read(record, now, ready::add);
                }
            }
        }
        batch.next().forEach((each, next) -> {
            Twin its = ownership.get(each);
            if (its != null) {
                its.tracker.moveTo(next);
            }
        });
        if (taking) {
            ownership.all().forEach(partition -> partition.release(now, ready::add));
        }
        if (!ready.isEmpty()) {
            dispatcher.accept(ready);
        }
    }

    @Override
    public void assigned(Collection<TopicPartition> assigned) {
        counts.assignments.increment();
        Set<TopicPartition> unheardOf = ownership.among(assigned);
        if (!unheardOf.isEmpty()) {
            lost(unheardOf);
        }
        fence.proven(heardSinceNanos);
        try {
            ownership.assigned(assigned);
        } catch (RetriableException e) {
            // The next turn finds that they are assigned and not owned yet.
            log.warn("The committed offsets of {} cannot be had, trying again: {}", assigned, e.toString());
        }
    }

    @Override
    public void revoked(Collection<TopicPartition> revoked) {
        counts.revocations.increment();
        List<OwnedPartition> leaving = ownership.remove(revoked);
        window.forget(leaving);
        naps.forget(leaving);
        long began = clock.nanoTime();
        signs.handsOver(true);
        boolean ended = handover.giveBack(leaving, ownership.all(), () -> stopping);
        signs.handsOver(false);
        timings.handedOver(clock.nanoTime() - began);
        if (!ended) {
            counts.overlaps.increment();
            log.error(
                    "Tasks of {} still run, or their records are not acknowledged, although it goes to another owner now: its limits may be exceeded, and they may run again",
                    revoked);
        }
        ownership.gaveBack(revoked);
        log.debug("Revoked {}", revoked);
    }

    @Override
    public void lost(Collection<TopicPartition> lost) {
        counts.losses.increment();
        abandon(ownership.remove(lost));
        ownership.gaveBack(lost);
        log.warn("Lost {}: this consumer was away for longer than its session", lost);
    }

    private void loseUnassigned(Set<TopicPartition> assigned) {
        Set<TopicPartition> unassigned = ownership.notAmong(assigned);
        if (!unassigned.isEmpty()) {
            lost(unassigned);
        }
    }

    /** A position is where no record is, deleted or never written: looks up where each of them is to be read now. */
    private void restart(InvalidOffsetException e) {
        log.warn("The position in {} does not exist any more, reading on from what is left", e.partitions());
        abandon(ownership.remove(e.partitions()));
        ownership.restart(e.partitions(), Resume.Invalid.of(e));
    }

    private void abandon(List<OwnedPartition> gone) {
        gone.forEach(OwnedPartition::giveUp);
        window.forget(gone);
        naps.forget(gone);
        dispatcher.lose(gone);
    }
}
