package io.sluice.consumer.engine;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of one key and one type, first in, first out; with limit 1, tasks of one key, whatever their type. A task
 * without a key is a lane of its own. Loop thread only.
 */
final class Lane {
    final @Nullable LaneKey key;

    /** Null with limit 1: there one lane takes all types of its key. */
    private final @Nullable TaskType type;

    /** The lane of the same key's next type. */
    @Nullable
    Lane sibling;

    /** Whether it is in its type's ring. */
    boolean ready;

    /** Its turn came while its key had no room, so its siblings let it go first when there is some. */
    boolean passedOver;

    /** With limit 1: the head has been started and is not settled yet, so it keeps its place and none may follow. */
    boolean held;

    private @Nullable Task head;
    private @Nullable Task tail;

    Lane(@Nullable LaneKey key, @Nullable TaskType type) {
        this.key = key;
        this.type = type;
    }

    boolean takes(TaskType itsType) {
        return type == null || type == itsType;
    }

    @Nullable
    Task head() {
        return head;
    }

    boolean isEmpty() {
        return head == null;
    }

    /** How many wait in it, counted up to that many. */
    int size(int atMost) {
        int size = 0;
        for (Task task = head; task != null && size < atMost; task = task.next) {
            size++;
        }
        return size;
    }

    void append(Task task) {
        task.next = null;
        if (tail == null) {
            head = task;
        } else {
            tail.next = task;
        }
        tail = task;
        task.lane = this;
    }

    void prepend(Task task) {
        task.next = head;
        head = task;
        if (tail == null) {
            tail = task;
        }
        task.lane = this;
    }

    /** Takes the head out. */
    Task pop() {
        Task first = head;
        if (first == null) {
            throw new IllegalStateException("the lane is empty");
        }
        head = first.next;
        if (head == null) {
            tail = null;
        }
        first.next = null;
        first.lane = null;
        return first;
    }

    /** Takes out what matches, in order; the head stays if it is held. */
    void removeIf(Predicate<Task> matches, Consumer<Task> removed) {
        @Nullable Task task = head;
        boolean keepsPlace = held;
        head = null;
        tail = null;
        while (task != null) {
            Task following = task.next;
            if (keepsPlace || !matches.test(task)) {
                append(task);
            } else {
                task.next = null;
                task.lane = null;
                removed.accept(task);
            }
            keepsPlace = false;
            task = following;
        }
    }
}
