package io.sluice.consumer.engine;

import io.sluice.settings.Limits;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * How much of a partition's window one key may hold, or the tasks without a key of one type, or a type that is slow or
 * paused: what comes beyond it and would have to wait is moved to the overflow topic, so that it delays no other (P5). What comes from there
 * is not counted and not moved again; with limit 1 a key keeps its order and so its place. While the window is nearly
 * full the share is small, for several floods that each keep to a large one would fill it together. Constant time per
 * task. Loop thread only.
 */
final class Shares {
    /** How long the tasks of a type, or those without a key, may have to wait for a permit before they count as a flood. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    private final Loop clock;
    private final Lanes lanes;
    private final TaskTypes types;
    private final String overflowTopic;
    private final int most;
    private final int least;
    private final int nearlyFull;

    /** @param window how many tasks of one topic partition may be unsettled */
    Shares(Loop clock, Lanes lanes, TaskTypes types, String overflowTopic, int window, Limits limits) {
        this.clock = clock;
        this.lanes = lanes;
        this.types = types;
        this.overflowTopic = overflowTopic;
        // A key that is served as fast as it may be needs some tasks in reserve, but never the half.
        int reserve = Math.min(2 * limits.maxInFlightPerKey(), window / 2);
        this.most = Math.max(window / 4, reserve);
        this.least = Math.max(window / 32, reserve);
        this.nearlyFull = window * 3 / 4;
    }

    /** Counts a task that has arrived, until it leaves. */
    void enter(Task task) {
        if (!lanes.isOrdered(task) && !task.record.topic().equals(overflowTopic)) {
            @Nullable LaneKey key = lanes.keyOf(task);
            Share share = task.type().share(task.partition);
            share.enter(key != null, task.acceptedNanos);
            task.share = share;
            task.partition.sharing++;
            if (key != null) {
                key.sharing++;
            }
        }
    }

    /** It does not fill the window any more, or will not for long. A second call does nothing. */
    void leave(Task task) {
        Share share = task.share;
        if (share != null) {
            task.share = null;
            task.partition.sharing--;
            share.leave(task.key != null);
            if (task.key != null) {
                task.key.sharing--;
            }
        }
    }

    /** Whether it is one too many: its wait is for the overflow topic. */
    boolean isOver(Task task) {
        Share share = task.share;
        if (share == null) {
            return false;
        }
        int atMost = most(task.partition);
        return (task.type().paused && share.unsettled > atMost)
                || (task.key == null ? share.unkeyed > atMost : task.key.sharing > atMost);
    }

    /** A type alone has none to delay: its keys take turns anyway. */
    private boolean isSlow(TaskType type) {
        return types.areSeveral() && type.lacksPermitsFor(PATIENCE.toNanos(), clock.nanoTime());
    }

    /** Whether it is one too many and would have to wait for its turn. */
    boolean overflows(Task task) {
        Share share = task.share;
        if (share == null) {
            return false;
        }
        if (share.unsettled > most(task.partition) && isSlow(task.type())) {
            return true;
        }
        return isOver(task)
                && (task.type().paused
                        || (task.key == null
                                ? share.isSlowerThan(PATIENCE.toNanos(), clock.nanoTime())
                                : lanes.isHeldUp(task.key)));
    }

    /** Whether nobody knows yet if it is one too many: its type, or those without a key, may still get their turn in time. */
    boolean mayOverflow(Task task) {
        Share share = task.share;
        if (share == null || task.staysInMemory || overflows(task)) {
            return false;
        }
        int atMost = most(task.partition);
        return task.key == null ? share.unkeyed > atMost : types.areSeveral() && share.unsettled > atMost;
    }

    /** How many tasks a share of that partition is now. */
    int most(OwnedPartition partition) {
        return partition.sharing > nearlyFull ? least : most;
    }

    /** These partitions are not owned any more. */
    void forget(Collection<OwnedPartition> partitions) {
        types.forEach(type -> type.forget(partitions));
    }
}
