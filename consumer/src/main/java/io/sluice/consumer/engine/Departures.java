package io.sluice.consumer.engine;

import io.sluice.record.NewTask;
import io.sluice.record.Trip;
import io.sluice.settings.DelayTier;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a task's trip here: settled by the records that it owes, be they a result, a dead letter or a copy of itself
 * elsewhere; or given back uncommitted. Counts what it was when the broker has acknowledged it, not before. Loop thread
 * only, but for {@link #settling}.
 */
final class Departures {
    private static final Logger log = LoggerFactory.getLogger(Departures.class);
    private static final int SETTLING_CAPACITY = 10_000;

    /** Who hears of the tasks that leave. */
    interface Listener {
        /** It is settled or dropped. Perhaps more than once a task. */
        void left(Task task);

        /** It cannot be moved, since it is too large, and has to wait in memory. */
        void stays(Task task);

        /** Some have left: those behind them may start. */
        void someLeft();
    }

    private final Loop loop;
    private final Owed owed;
    private final Drain drain;
    private final Listener listener;
    private final Settler settler;
    private final Map<Exit, Long> moves = new EnumMap<>(Exit.class);

    Departures(Loop loop, Owed owed, Sink sink, Drain drain, Listener listener) {
        this.loop = loop;
        this.owed = owed;
        this.drain = drain;
        this.listener = listener;
        this.settler = new Settler(sink, loop, SETTLING_CAPACITY, this::left, this::tooLarge, listener::someLeft);
    }

    boolean hasRoom() {
        return settler.hasRoom();
    }

    /** Tasks whose records the broker has not acknowledged yet. Any thread. */
    int settling() {
        return settler.pending();
    }

    /** As {@link Settler#acknowledged}. Any thread. */
    long acknowledged() {
        return settler.acknowledged();
    }

    /** As {@link Settler#refused}. Any thread. */
    int refused() {
        return settler.refused();
    }

    MoveCounts moves() {
        return new MoveCounts(
                moves.getOrDefault(Exit.DELAY, 0L),
                moves.getOrDefault(Exit.OVERFLOW, 0L),
                moves.getOrDefault(Exit.STRAY, 0L),
                moves.getOrDefault(Exit.DUPLICATE, 0L));
    }

    void succeed(Task task, TaskType.Encoded output, List<NewTask> emitted) {
        settle(task, Exit.SUCCESS, owed.bySuccess(task, output.json(), emitted));
    }

    /** @param reason as in {@link io.sluice.record.Failure#reason()} */
    void giveUp(Task task, String reason, Throwable cause) {
        task.reason = reason;
        settle(task, Exit.DEAD_LETTER, owed.byFailure(task, reason, cause, loop.now()));
    }

    /** Moves it to the longest of the delays that does not go past its due time, which is further away than the shortest. */
    void delay(Task task, Instant due) {
        Duration wait = Duration.between(loop.now(), due);
        List<DelayTier> tiers = owed.topics().delays();
        DelayTier tier = tiers.get(0);
        for (DelayTier longer : tiers) {
            tier = longer.length().compareTo(wait) <= 0 ? longer : tier;
        }
        task.due = due;
        move(task, Exit.DELAY, tier.topic(), task.record.partition(), trip(task, due));
    }

    /** Moves it behind all that waits in the overflow topic. */
    void overflow(Task task, @Nullable Instant due) {
        task.due = due;
        move(task, Exit.OVERFLOW, owed.topics().overflow(), task.record.partition(), trip(task, due));
    }

    /** Moves it to the partition of its key. */
    void goHome(Task task) {
        if (!moves.containsKey(Exit.STRAY)) {
            moves.put(Exit.STRAY, 0L);
            TaskFields.of(log.atWarn(), task)
                    .log(
                            "Task {} is in partition {}, but its key belongs into {}. It and others like it are moved: whoever wrote them has another partitioner than Kafka's, which is murmur2",
                            task.id(),
                            task.record.partition(),
                            Strays.home(task));
        }
        move(
                task,
                Exit.STRAY,
                owed.topics().tasks(),
                Strays.home(task),
                trip(task, task.due).asStray());
    }

    /** There is another copy of it. */
    void ignore(Task task) {
        settle(task, Exit.DUPLICATE, List.of());
    }

    private static Trip trip(Task task, @Nullable Instant due) {
        return task.envelope().trip().after(task.tries(), due);
    }

    private void move(Task task, Exit exit, String topic, int partition, Trip trip) {
        task.partition.copies.moves(task);
        settle(task, exit, owed.byMove(task, topic, partition, trip));
    }

    private void settle(Task task, Exit exit, List<ProducerRecord<byte[], byte[]>> records) {
        task.state = TaskState.SETTLING;
        task.exit = exit;
        task.moving(exit == Exit.OVERFLOW);
        if (settler.settle(task, records)) {
            left(task);
        }
    }

    private void left(Task task) {
        if (task.exit != null && task.end() == Task.End.SETTLED) {
            count(task, task.exit);
            if (task.exit == Exit.OVERFLOW) {
                task.partition.overflowed();
            }
            if (task.exit.isLast()) {
                task.partition.copies.ended(task);
            }
        }
        listener.left(task);
    }

    private void count(Task task, Exit exit) {
        TypeCounters counters = task.type().counters;
        switch (exit) {
            case SUCCESS -> counters.succeeded++;
            case DEAD_LETTER -> counters.deadLetters.merge(task.reason, 1L, Long::sum);
            case DELAY, OVERFLOW, STRAY, DUPLICATE -> moves.merge(exit, 1L, Long::sum);
        }
    }

    private void tooLarge(Task task, Exception failure) {
        if (task.exit == Exit.DELAY || task.exit == Exit.OVERFLOW) {
            task.staysInMemory = true;
            task.moving(false);
            task.partition.copies.stays(task);
            listener.stays(task);
        } else if (task.exit == Exit.STRAY) {
            giveUp(
                    task,
                    "stray",
                    new GivenUp(
                            "it is too large to be moved to the partition of its key: " + failure.getMessage(), null));
        } else {
            giveUp(
                    task,
                    "result",
                    new Misfit("result", "a follow-up task is too large: " + failure.getMessage(), failure));
        }
    }

    /** As {@link #drop}, for a task that was not running: a shutdown counts it as left. */
    void leaveBehind(Task task) {
        drop(task);
        drain.left();
    }

    /** Gives it back: it is uncommitted, and the partition's next owner runs it. */
    void drop(Task task) {
        task.dropped();
        listener.left(task);
    }
}
