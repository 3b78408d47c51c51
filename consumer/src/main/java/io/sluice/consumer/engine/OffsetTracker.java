package io.sluice.consumer.engine;

import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Knows which records of one topic partition are not settled yet, and so what may be committed: up to the first of them
 * (P1), with a map of what is settled past it (P2). Holds only what is unsettled, however far the settled ones reach past
 * a gap. Poll thread only.
 *
 * <pre>
 *                   committable                    position
 *                        ▼                             ▼
 *     ✓  ✓  ✓  ✓  ✓  ✓  [10]  ✓  ✓  [13] [14]  ✓  ✓  ✓
 *                        └──── open: 10, 13, 14 ───┘
 * </pre>
 */
final class OffsetTracker {
    private Task[] open = new Task[16];
    private int size;
    private long bytes;

    /** Those of the open ones that are not on their way to the overflow topic. */
    private int waiting;

    private final MapSize mapSize = new MapSize();

    /** What its partition had counted when the last {@link #look} began. */
    private int changes;

    /** Whether {@link #waiting} and {@link #mapSize} say what has been tracked since they were measured. */
    private boolean measured = true;

    private long position;

    /** That of the record before the position. */
    private Optional<Integer> epoch;

    /** What an earlier owner had settled ahead of the position: good until the position is past it. */
    private OffsetMap inherited;

    private @Nullable Task lost;
    private OffsetAndMetadata committable;

    /** Null if the group knows something else. */
    private @Nullable OffsetAndMetadata acknowledged;

    private boolean changed;
    private boolean cut;

    /**
     * @param committed what the group knows of it
     * @param inherited what the group knows to be settled past that
     */
    OffsetTracker(OffsetAndMetadata committed, OffsetMap inherited) {
        this.position = committed.offset();
        this.epoch = committed.leaderEpoch();
        this.inherited = inherited;
        this.committable = committed;
        this.acknowledged = committed;
    }

    /** What the group knows is wrong: it is to hear what is right, even while nothing settles. */
    void contradict() {
        acknowledged = null;
    }

    /** Whether an earlier owner has settled the record of that offset, so that it must not run again. */
    boolean isSettled(long offset) {
        return inherited.isSettled(offset);
    }

    /** Adds a record behind those before it. */
    void track(Task task) {
        if (size == open.length) {
            open = Arrays.copyOf(open, size * 2);
        }
        open[size++] = task;
        bytes += task.bytes();
        measured &= !inherits();
        if (measured) {
            waiting++;
            mapSize.add(relative(size - 1), relative(size - 1) + 1);
        }
        position = task.record.offset() + 1;
        epoch = task.record.leaderEpoch();
    }

    /** Adds what stands for a range that is lost, before any record. */
    void trackLost(Task task) {
        lost = task;
        track(task);
    }

    /** The consumer's own next offset, which may lie past transaction markers and compacted records. */
    void moveTo(OffsetAndMetadata next) {
        if (next.offset() >= position) {
            changed |= size == 0 && next.offset() > position;
            position = next.offset();
            epoch = next.leaderEpoch();
        }
    }

    /** Whether a task may still be running or being settled: neither settled nor dropped. */
    boolean hasOpenTasks() {
        look();
        for (int i = 0; i < size; i++) {
            if (open[i].end() == Task.End.OPEN) {
                return true;
            }
        }
        return false;
    }

    /** How many records are unsettled, or were when {@link #look} was last called. */
    int unsettled() {
        return size;
    }

    /** How many of them are not being moved to the overflow topic, as of the last {@link #look}. */
    int waiting() {
        measureAgain();
        return waiting;
    }

    /** How many of them are, as of the last {@link #look}. */
    int moving() {
        return size - waiting();
    }

    /** How many bytes of keys, values and headers are unsettled, as of the last {@link #look}. */
    long bytes() {
        return bytes;
    }

    /**
     * How many bytes a map takes at most, as of the last {@link #look} and whatever settles after it: a run that is being
     * moved settles in the order of its offsets, leaves no gaps and stays one. (One that was begun in two lots may not. If
     * the map is too large for once, it says less.)
     */
    int mapBytes() {
        measureAgain();
        return mapSize.bytes();
    }

    /** The first record that is unsettled, as of the last {@link #look}. */
    @Nullable
    Task oldest() {
        return size == 0 ? null : open[0];
    }

    /** The offset that is read next. */
    long position() {
        return position;
    }

    /** How many offsets there are from the first unsettled record up to the position, as of the last {@link #look}. */
    long span() {
        return size == 0 ? 0 : position - offset(open[0]);
    }

    /** What the group should know: made again only if something has settled since. */
    OffsetAndMetadata committable() {
        look();
        // While nobody has been told of the loss, the group goes on knowing what it knew: where the range begins.
        if (changed && (lost == null || oldest() != lost)) {
            committable = size == 0 ? commit(position, epoch) : commit(offset(open[0]), epoch(open[0]));
            changed = false;
        }
        return committable;
    }

    /** Whether that commit says more than the last one that the broker has acknowledged. */
    boolean isNews(OffsetAndMetadata commit) {
        return !commit.equals(acknowledged);
    }

    /** Whether the last {@link #committable} says less than is known, for want of room. */
    boolean isCut() {
        return cut;
    }

    /**
     * The broker has acknowledged that commit. One is in flight at a time, so none comes late.
     *
     * @return by how many offsets it goes further than the last one
     */
    long acknowledged(OffsetAndMetadata commit) {
        long further = acknowledged == null ? 0 : commit.offset() - acknowledged.offset();
        acknowledged = commit;
        return Math.max(0, further);
    }

    private static long offset(Task task) {
        return task.record.offset();
    }

    private static Optional<Integer> epoch(Task task) {
        return task.record.leaderEpoch();
    }

    private OffsetAndMetadata commit(long base, Optional<Integer> itsEpoch) {
        long[] ahead = inherited.from(position);
        long[] offsets = new long[size + ahead.length];
        for (int i = 0; i < size; i++) {
            offsets[i] = offset(open[i]);
        }
        System.arraycopy(ahead, 0, offsets, size, ahead.length);
        if (!inherits()) {
            inherited = OffsetMap.none(position);
        }
        OffsetMap map = OffsetMap.of(base, offsets, offsets.length, Math.max(position, inherited.end()));
        cut = map.isCut();
        return new OffsetAndMetadata(base, itsEpoch, map.metadata());
    }

    /**
     * Forgets what is settled, from the highest offset down: of two tasks of an ordered key the earlier settles first, so
     * if the later one is seen settled, the earlier one, looked at afterwards, is too. The other way round could tear
     * them. Base and map are made of what is left, and no flag is read twice.
     */
    void look() {
        changes = size == 0 ? changes : open[0].partition.changes();
        int kept = size;
        for (int i = size - 1; i >= 0; i--) {
            Task task = open[i];
            if (task.end() == Task.End.SETTLED) {
                bytes -= task.bytes();
            } else {
                open[--kept] = task;
            }
        }
        if (kept > 0) {
            int left = size - kept;
            System.arraycopy(open, kept, open, 0, left);
            Arrays.fill(open, left, size, null);
            size = left;
            changed = true;
        }
        measure();
    }

    /**
     * As {@link #look}, unless nothing has happened since then. It may miss what happens just now, so it is not for a
     * partition that goes; {@link #committable} looks at everything again within a commit's interval.
     */
    void glance() {
        if (happened() != 0) {
            look();
        }
    }

    /** How many records at least are unsettled and not being moved: as of the last {@link #look}, less all that may have happened since. */
    int waitingAtLeast() {
        return waiting() - happened();
    }

    private int happened() {
        return size == 0 ? 0 : open[0].partition.changes() - changes;
    }

    private void measureAgain() {
        if (!measured) {
            measure();
        }
    }

    private void measure() {
        measured = true;
        waiting = 0;
        mapSize.clear();
        int next;
        for (int first = 0; first < size; first = next) {
            long from = relative(first);
            long to = from + 1;
            next = first + 1;
            if (open[first].isMoving()) {
                while (next < size && relative(next) == to && open[next].isMoving()) {
                    next++;
                    to++;
                }
            } else {
                waiting++;
            }
            mapSize.add(from, to);
        }
        if (inherits()) {
            inherited.count(mapSize, position, size == 0 ? position : offset(open[0]));
        }
    }

    /** Whether a commit has to say, too, what an earlier owner has left ahead. */
    private boolean inherits() {
        return inherited.end() > position;
    }

    private long relative(int index) {
        return offset(open[index]) - offset(open[0]);
    }
}
