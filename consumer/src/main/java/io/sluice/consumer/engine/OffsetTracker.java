package io.sluice.consumer.engine;

import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Knows which records of one partition are not settled yet, and so how far it may be committed: up to the first of them
 * (P1). Holds only what is unsettled, however far the settled ones reach past a gap. Poll thread only.
 *
 * <pre>
 *  committed        committable                    position
 *     ▼                  ▼                             ▼
 *     ✓  ✓  ✓  ✓  ✓  ✓  [10]  ✓  ✓  [13] [14]  ✓  ✓  ✓
 *                        └──── open: 10, 13, 14 ───┘
 * </pre>
 */
final class OffsetTracker {
    private Task[] open = new Task[64];
    private int size;
    private long bytes;
    private OffsetAndMetadata position;
    private long committed;

    /** @param position the offset that is read, and committed, next */
    OffsetTracker(long position) {
        this.position = new OffsetAndMetadata(position);
        this.committed = position;
    }

    /** Adds a record behind those before it. */
    void track(Task task) {
        if (size == open.length) {
            open = Arrays.copyOf(open, size * 2);
        }
        open[size++] = task;
        bytes += task.bytes();
        position = new OffsetAndMetadata(task.record.offset() + 1, task.record.leaderEpoch(), "");
    }

    /** The consumer's own next offset, which may lie past transaction markers and compacted records. */
    void moveTo(OffsetAndMetadata next) {
        if (next.offset() >= position.offset()) {
            position = new OffsetAndMetadata(next.offset(), next.leaderEpoch(), "");
        }
    }

    /** Whether at most so many records, and so many bytes of keys and values, are unsettled. */
    boolean isWithin(int records, long most) {
        if (size <= records && bytes <= most) {
            return true;
        }
        forgetSettled();
        return size <= records && bytes <= most;
    }

    /** Whether a task may still be running or being settled: neither settled nor dropped. */
    boolean hasOpenTasks() {
        forgetSettled();
        for (int i = 0; i < size; i++) {
            if (open[i].end() == Task.End.OPEN) {
                return true;
            }
        }
        return false;
    }

    /** What to commit, or null if that would say nothing new. */
    @Nullable
    OffsetAndMetadata committable() {
        forgetSettled();
        OffsetAndMetadata upTo =
                size == 0 ? position : new OffsetAndMetadata(open[0].record.offset(), leaderEpoch(open[0]), "");
        return upTo.offset() > committed ? upTo : null;
    }

    /** The broker has acknowledged a commit. */
    void committed(long offset) {
        committed = Math.max(committed, offset);
    }

    private static Optional<Integer> leaderEpoch(Task task) {
        return task.record.leaderEpoch();
    }

    /**
     * From the highest offset down: of two tasks of an ordered key the earlier settles first, so if the later one is
     * seen settled, the earlier one, looked at afterwards, is too. The other way round could tear them.
     */
    private void forgetSettled() {
        int kept = size;
        for (int i = size - 1; i >= 0; i--) {
            Task task = open[i];
            if (task.end() == Task.End.SETTLED) {
                bytes -= task.bytes();
            } else {
                open[--kept] = task;
            }
        }
        int left = size - kept;
        System.arraycopy(open, kept, open, 0, left);
        Arrays.fill(open, left, size, null);
        size = left;
    }
}
