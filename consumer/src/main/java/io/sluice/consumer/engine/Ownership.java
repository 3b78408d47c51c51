package io.sluice.consumer.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which partition numbers are owned: those of which the client has been assigned every twin. Of the others, what is
 * assigned stays paused. Poll thread only, but for {@link #count}.
 */
final class Ownership {
    private static final Logger log = LoggerFactory.getLogger(Ownership.class);

    /** Hears of records that do not exist any more. */
    @FunctionalInterface
    interface Losses {
        /** @param task stands for them, and is tracked at the first one's offset */
        void lost(Task task, String message);
    }

    private final Source source;
    private final Reading reading;
    private final Losses losses;
    private final PollCounts counts;
    private final Map<Integer, OwnedPartition> owned = new HashMap<>();
    private final Map<TopicPartition, Twin> twins = new HashMap<>();

    /** Assigned and paused, since a twin is missing. */
    private final Set<TopicPartition> incomplete = new HashSet<>();

    private final Leaving leaving;
    private volatile int count;

    Ownership(Source source, Reading reading, Loop clock, Losses losses, PollCounts counts) {
        this.source = source;
        this.reading = reading;
        this.leaving = new Leaving(clock);
        this.losses = losses;
        this.counts = counts;
    }

    Collection<OwnedPartition> all() {
        return owned.values();
    }

    @Nullable
    Twin get(TopicPartition id) {
        return twins.get(id);
    }

    /** How many partition numbers are owned. Any thread. */
    int count() {
        return count;
    }

    /** Those of the topic partitions that belong to a number that is owned. */
    Set<TopicPartition> among(Collection<TopicPartition> ids) {
        Set<TopicPartition> among = new HashSet<>(ids);
        among.retainAll(twins.keySet());
        return among;
    }

    /** Those that are owned and not in the client's assignment any more: a client can miss the callback. */
    Set<TopicPartition> notAmong(Set<TopicPartition> assigned) {
        if (assigned.containsAll(twins.keySet())) {
            return Set.of();
        }
        Set<TopicPartition> unassigned = new HashSet<>(twins.keySet());
        unassigned.removeAll(assigned);
        return unassigned;
    }

    /** They have just been assigned: takes what is complete with them. */
    void assigned(Collection<TopicPartition> ids) {
        leaving.remove(ids);
        // The client has forgotten that they were paused, if they were.
        incomplete.removeAll(Set.copyOf(ids));
        adopt(source.assignment(), Resume.Invalid.NONE);
    }

    /**
     * Takes the numbers all of whose twins are in the client's assignment, and goes to where each twin was left.
     *
     * @param assigned the client's assignment as it is now
     * @param invalid what is known to be wrong with positions
     */
    void adopt(Set<TopicPartition> assigned, Resume.Invalid invalid) {
        leaving.look(assigned);
        incomplete.retainAll(assigned);
        if (twins.keySet().containsAll(assigned)) {
            return;
        }
        Set<TopicPartition> complete = new HashSet<>();
        Set<TopicPartition> waiting = new HashSet<>();
        byNumber(assigned).forEach((number, ids) -> {
            boolean all = ids.size() == reading.topics().size();
            (all ? complete : waiting).addAll(ids);
        });
        waiting.removeAll(incomplete);
        Set<TopicPartition> fresh = new HashSet<>(complete);
        fresh.addAll(waiting);
        if (fresh.isEmpty()) {
            return;
        }
        // All questions before the first deed: one that fails is asked again, and finds nothing half done.
        Map<TopicPartition, Resume> resumes = lookUp(fresh, invalid);
        int of = source.partitions(reading.work().get(0));
        resumes.forEach((id, resume) -> source.seek(id, resume.position()));
        pause(waiting);
        byNumber(complete).forEach((number, ids) -> own(number, of, resumes));
        resume(complete);
        count = owned.size();
    }

    /** Takes back what was given up, for these positions are wrong. */
    void restart(Collection<TopicPartition> ids, Resume.Invalid invalid) {
        incomplete.removeAll(Set.copyOf(ids));
        adopt(source.assignment(), invalid);
    }

    private Map<Integer, List<TopicPartition>> byNumber(Collection<TopicPartition> ids) {
        Map<Integer, List<TopicPartition>> byNumber = new TreeMap<>();
        for (TopicPartition id : ids) {
            if (!twins.containsKey(id) && !leaving.contains(id)) {
                byNumber.computeIfAbsent(id.partition(), added -> new ArrayList<>())
                        .add(id);
            }
        }
        return byNumber;
    }

    private Map<TopicPartition, Resume> lookUp(Set<TopicPartition> ids, Resume.Invalid invalid) {
        Map<TopicPartition, OffsetAndMetadata> committed = source.committed(ids);
        Map<TopicPartition, Long> beginnings = source.beginnings(ids);
        Map<TopicPartition, Resume> resumes = new HashMap<>();
        for (TopicPartition id : ids) {
            resumes.put(id, Resume.of(id, committed.get(id), beginnings.getOrDefault(id, 0L), invalid));
        }
        return resumes;
    }

    private void own(int number, int of, Map<TopicPartition, Resume> resumes) {
        OwnedPartition partition = new OwnedPartition(number, of);
        for (String topic : reading.topics()) {
            TopicPartition id = new TopicPartition(topic, number);
            Resume resume = resumes.get(id);
            if (resume == null) {
                throw new IllegalStateException("no offset was looked up for " + id);
            }
            counts.unreadableMaps.add(resume.unreadable() ? 1 : 0);
            Twin twin = new Twin(
                    partition,
                    id,
                    new OffsetTracker(resume.committed(), resume.map()),
                    reading.tiers().get(topic));
            partition.add(twin);
            twins.put(id, twin);
            begin(twin, resume);
        }
        owned.put(number, partition);
        log.debug("Assigned partition {} of {}", number, reading.topics());
    }

    private void begin(Twin twin, Resume resume) {
        if (resume.wrong()) {
            twin.tracker.contradict();
        }
        if (resume.lost() > 0) {
            counts.lostTasks.add(resume.lost());
            long from = resume.firstLost();
            long to = resume.position().offset();
            String message = resume.lost() + " tasks of " + twin.id + " are lost, at offsets " + from + " to "
                    + (to - 1) + ": the topic begins at " + to + " now. Its retention is shorter than the lag";
            log.error(message);
            losses.lost(twin.readLost(from), message);
        }
        twin.tracker.moveTo(resume.position());
    }

    private void pause(Set<TopicPartition> waiting) {
        if (!waiting.isEmpty()) {
            log.debug("{} are assigned without their twins, and wait for them", waiting);
            source.pause(waiting);
            incomplete.addAll(waiting);
        }
    }

    /** Whatever they were paused for: the client still has those of a number that was given up and taken back. */
    private void resume(Set<TopicPartition> complete) {
        if (!complete.isEmpty()) {
            source.resume(complete);
            incomplete.removeAll(complete);
        }
    }

    /** They have been given back, and are not taken back just because the client's assignment still has them. */
    void gaveBack(Collection<TopicPartition> ids) {
        leaving.add(ids);
    }

    /** Takes out the numbers that any of them belongs to. */
    List<OwnedPartition> remove(Collection<TopicPartition> ids) {
        List<OwnedPartition> removed = new ArrayList<>();
        for (TopicPartition id : ids) {
            OwnedPartition partition = twins.containsKey(id) ? owned.remove(id.partition()) : null;
            if (partition != null) {
                partition.twins().forEach(twin -> twins.remove(twin.id));
                removed.add(partition);
            }
        }
        count = owned.size();
        return removed;
    }

    /** Takes out all. */
    List<OwnedPartition> removeAll() {
        return remove(Set.copyOf(twins.keySet()));
    }

    /** The first unsettled task that does not rest of each topic partition that has one. */
    List<Task> oldest() {
        List<Task> found = new ArrayList<>();
        for (Twin twin : twins.values()) {
            twin.tracker.look();
            Task oldest = twin.oldest();
            if (oldest != null) {
                found.add(oldest);
            }
        }
        return found;
    }
}
