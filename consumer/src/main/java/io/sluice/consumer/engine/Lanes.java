package io.sluice.consumer.engine;

import io.sluice.settings.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which task starts next, under three limits at once: of its key, its type and the consumer (P3, P5). Waiting
 * costs nothing: a lane is in its type's ring only while its key has room, so a saturated key is never looked at.
 *
 * <p>Types take turns, and within a type the ready lanes do. With a limit of 1 per key a started task keeps its place
 * at the head of its lane until it is settled, which is what makes the order (P4). Loop thread only; every call takes
 * constant time but {@link #removeIf}.
 */
final class Lanes {
    private final Limits limits;
    private final Loop clock;
    private final List<TaskType> types = new ArrayList<>();
    private final LaneKeys keys = new LaneKeys();
    private int turn;
    private int inFlight;
    private int waiting;
    private int timed;

    Lanes(Limits limits, Loop clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** Makes a type take its turns. */
    void add(TaskType type) {
        types.add(type);
    }

    /**
     * Counts the task for its key, until it leaves.
     *
     * @return the key, or null if it has none
     */
    @Nullable
    LaneKey keyOf(Task task) {
        LaneKey own = task.ownKey;
        if (task.key == null && own != null) {
            LaneKey key = keys.remember(own);
            key.unsettled++;
            task.key = key;
        }
        return task.key;
    }

    /** Whether the tasks of its key run one after the other, in the order in which they came (P4). */
    boolean isOrdered(Task task) {
        return limits.maxInFlightPerKey() == 1 && task.record.key() != null;
    }

    /** Whether it would have to wait for its key, if it came now. */
    boolean isHeldUp(LaneKey key) {
        return key.inFlight >= limits.maxInFlightPerKey() || key.rest != null || key.hasWaiting();
    }

    /** Whether it is the next of its lane and its key has room: it waits for its type or the consumer. */
    boolean lacksOnlyAPermit(Task task) {
        return task.lane != null && task.lane.head() == task && mayStart(task.lane);
    }

    /** Puts a task behind the others of its key. */
    void add(Task task) {
        Lane lane = laneOf(task);
        lane.append(task);
        count(task, 1);
        offer(lane);
    }

    /** Takes back a task that {@link #next} had given out and whose permit has been released: it goes first. */
    void retry(Task task) {
        count(task, 1);
        if (task.lane != null) {
            task.lane.held = false;
            offer(task.lane);
        } else {
            Lane lane = laneOf(task);
            lane.prepend(task);
            offer(lane);
        }
    }

    /**
     * The task is settled or dropped, and in no lane any more but perhaps at the head of its own, which it had kept: with
     * limit 1 the one behind it may start. A second call does nothing.
     */
    void leave(Task task) {
        Lane lane = task.lane;
        if (lane != null && lane.held && lane.head() == task) {
            lane.pop();
            lane.held = false;
            offer(lane);
        }
        if (task.key != null) {
            LaneKey key = task.key;
            task.key = null;
            key.unsettled--;
            forgetIfIdle(key);
        }
    }

    /** What held up the key is over. */
    void wake(LaneKey key) {
        for (Lane lane = key.lanes; lane != null; lane = lane.sibling) {
            offer(lane);
        }
        forgetIfIdle(key);
    }

    /** The next task that may start, with its permit taken; null while there is none. */
    @Nullable
    Permit next() {
        if (inFlight >= limits.maxInFlight()) {
            return null;
        }
        for (int i = 0; i < types.size(); i++) {
            TaskType type = types.get((turn + i) % types.size());
            Lane lane = type.hasRoom() ? nextReady(type) : null;
            if (lane != null) {
                turn = (turn + i + 1) % types.size();
                return take(lane);
            }
        }
        return null;
    }

    int inFlight() {
        return inFlight;
    }

    int waiting() {
        return waiting;
    }

    /** Of those that wait, the ones that had to wait for a time; it has come, but perhaps for those behind others of their key. */
    int timed() {
        return timed;
    }

    private void count(Task task, int by) {
        waiting += by;
        timed += task.due == null ? 0 : by;
    }

    /** How many keys are remembered, for they have a task waiting or in flight. */
    int keys() {
        return keys.size();
    }

    /** Takes every waiting task that matches out of its lane. Takes time in the number of waiting tasks. */
    void removeIf(Predicate<Task> matches, Consumer<Task> removed) {
        Consumer<Task> counted = task -> {
            count(task, -1);
            removed.accept(task);
        };
        for (TaskType type : types) {
            type.ready.removeIf(lane -> {
                lane.removeIf(matches, counted);
                lane.ready = startsWith(lane, type);
                return !lane.ready;
            });
        }
        for (LaneKey key : keys.all()) {
            for (Lane lane = key.lanes; lane != null; lane = lane.sibling) {
                lane.removeIf(matches, counted);
                offer(lane);
            }
            forgetIfIdle(key);
        }
    }

    void release(Permit permit) {
        inFlight--;
        permit.task.type().inFlight--;
        LaneKey key = permit.key;
        if (key != null) {
            key.inFlight--;
            wake(key);
        }
    }

    private Permit take(Lane lane) {
        Task task = lane.head();
        if (task == null) {
            throw new IllegalStateException("an empty lane is never ready");
        }
        if (limits.maxInFlightPerKey() == 1 && lane.key != null) {
            lane.held = true;
        } else {
            lane.pop();
        }
        count(task, -1);
        inFlight++;
        task.type().inFlight++;
        if (lane.key != null) {
            lane.key.inFlight++;
        }
        offer(lane);
        return new Permit(this, task, lane.key);
    }

    private @Nullable Lane nextReady(TaskType type) {
        for (Lane lane = type.ready.poll(); lane != null; lane = type.ready.poll()) {
            lane.ready = false;
            if (mayStart(lane) && startsWith(lane, type)) {
                return fairly(lane);
            }
            lane.passedOver = !lane.isEmpty();
            // It may have got another head since it came here: with limit 1 perhaps one of another type.
            offer(lane);
        }
        return null;
    }

    /** The lane, or a sibling that would else come too late each time: its type has more keys, so its turns are rarer. */
    private Lane fairly(Lane lane) {
        Lane sibling = lane.key == null || lane.passedOver ? null : lane.key.lanes;
        while (sibling != null && !(sibling.passedOver && mayStart(sibling) && hasRoomForHead(sibling))) {
            sibling = sibling.sibling;
        }
        lane.passedOver = sibling != null;
        if (sibling == null) {
            return lane;
        }
        sibling.passedOver = false;
        offer(lane);
        return sibling;
    }

    private static boolean hasRoomForHead(Lane lane) {
        Task head = lane.head();
        return head != null && head.type().hasRoom();
    }

    private void offer(Lane lane) {
        Task head = lane.head();
        if (!lane.ready && head != null && mayStart(lane)) {
            lane.ready = true;
            TaskType type = head.type();
            if (type.ready.isEmpty()) {
                type.readySinceNanos = clock.nanoTime();
            }
            type.ready.add(lane);
        }
    }

    private static boolean startsWith(Lane lane, TaskType type) {
        Task head = lane.head();
        return head != null && head.type() == type;
    }

    private boolean mayStart(Lane lane) {
        LaneKey key = lane.key;
        return !lane.isEmpty()
                && !lane.held
                && (key == null || (key.inFlight < limits.maxInFlightPerKey() && key.rest == null));
    }

    private Lane laneOf(Task task) {
        LaneKey key = keyOf(task);
        if (key == null) {
            return new Lane(null, task.type());
        }
        for (Lane lane = key.lanes; lane != null; lane = lane.sibling) {
            if (lane.takes(task.type())) {
                return lane;
            }
        }
        Lane lane = new Lane(key, limits.maxInFlightPerKey() == 1 ? null : task.type());
        lane.sibling = key.lanes;
        key.lanes = lane;
        return lane;
    }

    private void forgetIfIdle(LaneKey key) {
        if (key.isIdle()) {
            keys.forget(key);
        }
    }
}
