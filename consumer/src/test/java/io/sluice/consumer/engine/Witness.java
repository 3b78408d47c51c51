package io.sluice.consumer.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Hears what the engine cannot lie about: calls of bodies, writes, commits, who is a member of the group. Keeps books of
 * its own, and never asks the engine. Holds the first promise that broke.
 */
final class Witness {
    /** A commit that has been made, with the lives that it speaks for. */
    record Made(long at, List<SimLife> lives) {}

    /** A consumer's sender, and when, in steps, it was given what it writes. */
    record Post(SimConsumer consumer, long at) {}

    /** A record that has been written, and what its acknowledgement will mean. */
    record Write(Post post, @Nullable SimRecord record, SimTask task, Meaning meaning, int child) {}

    enum Meaning {
        RESULT,
        DEFAULT_RESULT,
        FAILED_RESULT,
        DEAD_LETTER,
        CHILD,
        MOVE
    }

    final WitnessRuns runs;
    final WitnessCommits commits;
    final WitnessRecords records;
    final WitnessEnd end;
    private final SimWorld world;
    private final Map<Integer, Map<TopicPartition, SimLife>> lives = new HashMap<>();
    private @Nullable String promise;
    private String explanation = "";
    private long moment;

    Witness(SimWorld world) {
        this.world = world;
        this.runs = new WitnessRuns(world, this);
        this.commits = new WitnessCommits(world, this);
        this.records = new WitnessRecords(world, this);
        this.end = new WitnessEnd(world, this);
    }

    /** Only the first counts: what follows is its consequence. */
    void broken(String itsPromise, String itsExplanation) {
        if (promise == null) {
            promise = itsPromise;
            explanation = itsExplanation;
            world.trace.say("*** %s: %s", itsPromise, itsExplanation);
        }
    }

    boolean isBroken() {
        return promise != null;
    }

    /** The promise that broke; null if all have been kept. */
    @Nullable
    String promise() {
        return promise;
    }

    String explanation() {
        return explanation;
    }

    /** Numbers what happens, in its order. */
    long moment() {
        return ++moment;
    }

    void assigned(SimConsumer consumer, TopicPartition id) {
        lives.computeIfAbsent(consumer.number, number -> new HashMap<>()).put(id, new SimLife(consumer, id));
    }

    /** The partition's life at that consumer; null if it is not there. */
    @Nullable
    SimLife life(SimConsumer consumer, TopicPartition id) {
        return lives.getOrDefault(consumer.number, Map.of()).get(id);
    }

    /** Whether the consumer has every topic's partition of that number. */
    boolean hasTwins(SimConsumer consumer, TopicPartition id) {
        for (TopicPartition twin : world.broker.twins(id.partition())) {
            if (life(consumer, twin) == null) {
                return false;
            }
        }
        return true;
    }

    /** The record, and those that the same move has written at the consumer: one of them owes nothing, nobody knows which. */
    List<SimRecord> twins(Post post, SimRecord record) {
        return record.task.records.stream()
                .filter(other -> other == record || (other.hop == record.hop && record.hop > 0 && has(post, other)))
                .toList();
    }

    /** All records of the task at the consumer: which of them a dead letter is of, it does not say. */
    List<SimRecord> copies(Post post, SimTask task) {
        return task.records.stream().filter(record -> has(post, record)).toList();
    }

    /** Whether what was given to that sender then may be about the record: it has not been read again since. */
    boolean has(Post post, SimRecord record) {
        return isAt(post.consumer(), record) && record.readAt < post.at();
    }

    /** Whether the record is at that consumer, and its partition has been there since it was read. */
    boolean isAt(SimConsumer consumer, SimRecord record) {
        return record.life != null && record.life == life(consumer, record.id);
    }

    /** The client has been told, in one way or another, that these are gone. */
    void forget(SimConsumer consumer, Collection<TopicPartition> ids) {
        lives.getOrDefault(consumer.number, Map.of()).keySet().removeAll(ids);
    }

    /** P3: a callback that returns says that nothing runs any more, unless the group could not wait any longer. */
    void revoked(SimConsumer consumer, Collection<TopicPartition> ids, long beganNanos) {
        // What a drain leaves behind goes down with its process (P7).
        boolean patient = !consumer.isStopping() && world.nanos() - beganNanos < SimSetup.HANDOVER_AT_MOST.toNanos();
        for (SimRun run : runs.running()) {
            if (run.consumer == consumer && ids.contains(run.record.id) && !run.exempt) {
                if (patient) {
                    broken("P3", run + " is still running while its partition goes to another owner");
                }
                runs.exempt(run);
            }
        }
        forget(consumer, ids);
    }

    /** The group has given it up: what still runs there is the one exception to the limits. */
    void sessionOver(SimConsumer consumer) {
        runs.exempt(consumer);
    }

    /** The process has ended, and every call in it. */
    void exited(SimConsumer consumer) {
        runs.exited(consumer);
        lives.remove(consumer.number);
    }

    /** What a member reads that is none any more does not count. */
    void read(SimConsumer consumer, SimRecord record) {
        if (!consumer.isMember()) {
            return;
        }
        record.settledBefore |= commits.isBehindCommit(record);
        record.life = life(consumer, record.id);
        record.outcome = new SimOutcome();
        record.settledAt = 0;
        record.readAt = moment();
        record.reads++;
    }
}
