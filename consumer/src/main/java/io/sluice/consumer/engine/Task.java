package io.sluice.consumer.engine;

import io.sluice.record.Envelope;
import io.sluice.record.TraceContext;
import io.sluice.record.Tries;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One record on its trip: the handle whose end the tracker reads, and a lane's node.
 *
 * <p>Made by the poll thread, then owned by the loop; only {@link #end} and {@link #isMoving} are written and read across
 * threads.
 */
final class Task {
    /** How a task left memory. */
    enum End {
        /** It has not. */
        OPEN,
        /** Every record it owes is acknowledged: its offset may be committed. */
        SETTLED,
        /** Given back uncommitted, for the partition's next owner to run. */
        DROPPED
    }

    final ConsumerRecord<byte[], byte[]> record;
    final OwnedPartition partition;
    private final int bytes;

    /** Its record's key, for {@link Lanes} to find those of others by; null if it has none. */
    final @Nullable LaneKey ownKey;

    /** Whether its key belongs into another partition. */
    final boolean isElsewhere;

    /** Of key and value. */
    final int checksum;

    private @Nullable Envelope envelope;
    private @Nullable TaskType type;

    TaskState state = TaskState.WAITING;

    /** When the loop took it, on the loop's clock. */
    long acceptedNanos;

    /** Attempts made. */
    int attempts;

    /** Of these, the ones that have failed and count against the policy's limit. */
    int counted;

    /** The trace context of its last attempt, if that has one of its own; else its record's counts. */
    @Nullable
    TraceContext trace;

    /** When its next attempt may start; null means at once. */
    @Nullable
    Instant due;

    /** When the first of those began that have failed; null while none has. */
    @Nullable
    Instant firstStart;

    @Nullable
    Instant firstFailure;

    @Nullable
    Instant lastFailure;

    /** When it first came to the head of its lane, which it keeps until it leaves; null if its key has no order. */
    @Nullable
    Instant headSince;

    /** When it was last put into a lane, on the loop's clock. */
    long queuedNanos;

    /** What counts it among those that may be moved to the overflow topic; null if nothing does. */
    @Nullable
    Share share;

    /** A copy of it is too large for the topic that it would wait in. */
    boolean staysInMemory;

    /** How it leaves; null until it does. */
    @Nullable
    Exit exit;

    /** What its partition's {@link Copies} know it by; 0 if they do not. */
    int mark;

    /** Why it is a dead letter, if it leaves as one. */
    String reason = "";

    /** Its key's count has it; null if it has no key, or has left. */
    @Nullable
    LaneKey key;

    /** The lane it waits or keeps its place in; null while it is in none. */
    @Nullable
    Lane lane;

    /** The task behind it in its lane. */
    @Nullable
    Task next;

    private volatile boolean moving;

    private volatile End end = End.OPEN;

    Task(ConsumerRecord<byte[], byte[]> record, OwnedPartition partition) {
        this.record = record;
        this.partition = partition;
        this.bytes = size(record);
        // Here, on the thread that has just read them: the loop has enough to do, and no other need to look at them.
        this.ownKey = record.key() == null ? null : new LaneKey(record.key());
        this.isElsewhere = Strays.isElsewhere(record, partition);
        this.checksum = checksum(record);
    }

    /** Takes it up where its trip has brought it. */
    void accept(Envelope read, TaskType itsType) {
        envelope = read;
        type = itsType;
        due = read.due();
        Tries tries = read.trip().tries();
        attempts = tries.made();
        counted = tries.counted();
        firstStart = tries.firstStart();
        firstFailure = tries.firstFailure();
        lastFailure = tries.lastFailure();
    }

    /** What has been tried so far. */
    Tries tries() {
        return new Tries(attempts, counted, firstStart, firstFailure, lastFailure);
    }

    /** Whether the loop has taken it, so that it has an envelope and a type. */
    boolean isAccepted() {
        return envelope != null;
    }

    Envelope envelope() {
        if (envelope == null) {
            throw new IllegalStateException("the task has not been accepted yet");
        }
        return envelope;
    }

    /** As {@link Envelope#id}. */
    String id() {
        return envelope().id(record);
    }

    TaskType type() {
        if (type == null) {
            throw new IllegalStateException("the task has not been accepted yet");
        }
        return type;
    }

    /** Any thread. A dropped task stays dropped: its partition may have another owner by now. */
    void settled() {
        if (end == End.OPEN) {
            end = End.SETTLED;
            partition.changed();
        }
    }

    /** Loop thread: whether its copy is on its way to the overflow topic. */
    void moving(boolean itIs) {
        if (moving != itIs) {
            moving = itIs;
            partition.changed();
        }
    }

    /** Any thread. */
    boolean isMoving() {
        return moving;
    }

    /** Loop thread. */
    void dropped() {
        if (end == End.OPEN) {
            end = End.DROPPED;
        }
    }

    End end() {
        return end;
    }

    /** What it takes in memory, roughly: key, value and headers. */
    int bytes() {
        return bytes;
    }

    private static int checksum(ConsumerRecord<byte[], byte[]> record) {
        CRC32C checksum = new CRC32C();
        if (record.key() != null) {
            checksum.update(record.key());
        }
        if (record.value() != null) {
            checksum.update(record.value());
        }
        return (int) checksum.getValue();
    }

    private static int size(ConsumerRecord<byte[], byte[]> record) {
        int size = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        for (Header header : record.headers()) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }
}
