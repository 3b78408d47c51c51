package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls, tracks, hands over, pauses and resumes, commits; and does nothing else. It never waits for work, except in a
 * revocation. Poll thread only, but for the methods that say otherwise.
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
     */
    public record Timing(Duration commitInterval, Duration handoverAtMost) {}

    private final Source source;
    private final Dispatcher dispatcher;
    private final Waiting waiting;
    private final Timing timing;
    private final Ownership ownership;
    private final Window window;
    private final Commits commits;
    private volatile boolean taking = true;
    private volatile boolean stopping;

    public PollLoop(Source source, Dispatcher dispatcher, Loop clock, Waiting waiting, Timing timing) {
        this.source = source;
        this.dispatcher = dispatcher;
        this.waiting = waiting;
        this.timing = timing;
        this.ownership = new Ownership(source, clock);
        this.window = new Window(source);
        this.commits = new Commits(source, clock, timing.commitInterval());
    }

    /** Joins the group. Before the first turn. */
    public void start() {
        source.subscribe(this);
    }

    /**
     * One round: poll, track, hand over, pause or resume, commit.
     *
     * @throws RuntimeException what the client throws and time does not heal
     */
    public void turn() {
        try {
            round();
        } catch (RetriableException e) {
            log.warn("The broker did not answer, trying again: {}", e.toString());
            // A client may say so at once, again and again.
            waiting.until(() -> false, AFTER_A_FAILURE);
        }
    }

    private void round() {
        try {
            Source.Batch batch = source.poll(window.patience(ownership.all()));
            loseUnassigned();
            take(batch);
            ownership.adoptMissed();
        } catch (InvalidOffsetException e) {
            loseUnassigned();
            restart(e);
        }
        window.adjust(ownership.all(), taking);
        commits.whenDue(ownership.all());
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

    /** How many partitions are owned. Any thread. */
    public int partitions() {
        return ownership.count();
    }

    /**
     * Commits what is settled and leaves the group. After the last turn.
     *
     * @param drained nothing runs any more: what is still open waits for a broker that does not answer, and is not waited
     *     for. Otherwise leaving is a revocation like any other
     */
    public void close(boolean drained) {
        try {
            commits.now(ownership.all(), LAST_COMMIT);
            if (drained) {
                Set<TopicPartition> all =
                        ownership.all().stream().map(partition -> partition.id).collect(Collectors.toSet());
                ownership.remove(all).forEach(OwnedPartition::giveUp);
            }
        } finally {
            source.close(LAST_COMMIT);
        }
    }

    private void take(Source.Batch batch) {
        List<Task> tasks = new ArrayList<>(batch.records().size());
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            OwnedPartition partition = ownership.get(new TopicPartition(record.topic(), record.partition()));
            // What is read of a partition before it has been sought to its committed offset is read again from there.
            if (partition != null) {
                Task task = new Task(record, partition);
                partition.tracker.track(task);
                tasks.add(task);
            }
        }
        batch.next().forEach((id, next) -> {
            OwnedPartition partition = ownership.get(id);
            if (partition != null) {
                partition.tracker.moveTo(next);
            }
        });
        if (!tasks.isEmpty()) {
            dispatcher.accept(tasks);
        }
    }

    @Override
    public void assigned(Collection<TopicPartition> assigned) {
        Set<TopicPartition> unheardOf = ownership.among(assigned);
        if (!unheardOf.isEmpty()) {
            lost(unheardOf);
        }
        try {
            ownership.adopt(assigned);
        } catch (RetriableException e) {
            // The next turn finds that they are assigned and not owned yet.
            log.warn("The committed offsets of {} cannot be had, trying again: {}", assigned, e.toString());
        }
    }

    @Override
    public void revoked(Collection<TopicPartition> revoked) {
        List<OwnedPartition> leaving = ownership.remove(revoked);
        window.forget(revoked);
        leaving.forEach(OwnedPartition::revoke);
        var dropped = dispatcher.revoke(leaving);
        boolean quiet = waiting.until(
                () -> stopping || (dropped.isDone() && leaving.stream().allMatch(OwnedPartition::isQuiet)),
                timing.handoverAtMost());
        if (!quiet) {
            log.error(
                    "Tasks of {} still run, or their records are not acknowledged, although it goes to another owner now: its limits may be exceeded, and they may run again",
                    revoked);
        }
        commits.now(leaving, LAST_COMMIT);
        leaving.forEach(OwnedPartition::giveUp);
        ownership.gaveBack(revoked);
        log.debug("Revoked {}", revoked);
    }

    @Override
    public void lost(Collection<TopicPartition> lost) {
        abandon(ownership.remove(lost));
        ownership.gaveBack(lost);
        window.forget(lost);
        log.warn("Lost {}: this consumer was away for longer than its session", lost);
    }

    private void loseUnassigned() {
        Set<TopicPartition> unassigned = ownership.unassigned();
        if (!unassigned.isEmpty()) {
            lost(unassigned);
        }
    }

    /** A position is where no record is, deleted or never written: looks up where each of them is to be read now. */
    private void restart(InvalidOffsetException e) {
        log.warn("The position in {} does not exist any more, reading on from what is left", e.partitions());
        abandon(ownership.remove(e.partitions()));
        window.forget(e.partitions());
        // The client still has them paused if they were.
        Set<TopicPartition> assigned = new HashSet<>(e.partitions());
        assigned.retainAll(source.assignment());
        source.resume(assigned);
        ownership.adopt(
                e.partitions(),
                e instanceof OffsetOutOfRangeException outside ? outside.offsetOutOfRangePartitions() : Map.of());
    }

    private void abandon(List<OwnedPartition> gone) {
        gone.forEach(OwnedPartition::giveUp);
        dispatcher.lose(gone);
    }
}
