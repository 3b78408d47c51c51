package io.sluice.consumer.engine;

import io.sluice.record.Trip;
import io.sluice.record.Undecodable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one partition of a delay tier that have been read and rest. They all rest equally long, so they are due in
 * the order in which they came, and only the head is looked at. Poll thread only.
 */
final class DelayLine {
    private record Held(Task task, Instant due) {}

    private final Duration length;
    private final Deque<Held> held = new ArrayDeque<>();

    /** @param length how long each of them rests */
    DelayLine(Duration length) {
        this.length = length;
    }

    /** Holds a task that has just been read. */
    void hold(Task task, Instant now) {
        held.add(new Held(task, due(task.record, now)));
    }

    /**
     * When the rest is over: the tier's length after the record was written, or earlier if it says so. A record from the
     * future, of a producer whose clock is wrong, rests from now on, or it would hold up all behind it. What cannot be
     * read is not held up: it is to be a dead letter.
     */
    private Instant due(ConsumerRecord<byte[], byte[]> record, Instant now) {
        Instant written = Instant.ofEpochMilli(Math.max(0, record.timestamp()));
        Instant rested = (written.isAfter(now) ? now : written).plus(length);
        try {
            Instant due = Trip.due(record.headers());
            return due != null && due.isBefore(rested) ? due : rested;
        } catch (Undecodable fault) {
            return now;
        }
    }

    /** Hands out those whose rest is over, in order. */
    void release(Instant now, Consumer<Task> due) {
        for (Held head = held.peek(); head != null && !now.isBefore(head.due); head = held.peek()) {
            due.accept(head.task);
            held.remove();
        }
    }

    /** When the head's rest is over; null if there is none. */
    @Nullable
    Instant due() {
        Held head = held.peek();
        return head == null ? null : head.due;
    }

    boolean holds(Task task) {
        Held head = held.peek();
        return head != null && head.task == task;
    }

    int size() {
        return held.size();
    }

    /** Gives all of them back uncommitted. */
    void drop() {
        held.forEach(each -> each.task.dropped());
        held.clear();
    }
}
