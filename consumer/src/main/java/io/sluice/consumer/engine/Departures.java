package io.sluice.consumer.engine;

import io.sluice.record.NewTask;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The end of a task's trip: settled by the records that it owes, or given back uncommitted. Counts what it was when the
 * broker has acknowledged it, not before. Loop thread only.
 */
final class Departures {
    private static final int SETTLING_CAPACITY = 10_000;

    private final Loop loop;
    private final Owed owed;
    private final Lanes lanes;
    private final Drain drain;
    private final Settler settler;

    /** @param afterwards runs when tasks have left, and those behind them may start */
    Departures(Loop loop, Owed owed, Sink sink, Lanes lanes, Drain drain, Runnable afterwards) {
        this.loop = loop;
        this.owed = owed;
        this.lanes = lanes;
        this.drain = drain;
        this.settler = new Settler(sink, loop, SETTLING_CAPACITY, this::left, this::tooLarge, afterwards);
    }

    boolean hasRoom() {
        return settler.hasRoom();
    }

    /** Tasks whose records the broker has not acknowledged yet. Any thread. */
    int settling() {
        return settler.pending();
    }

    void succeed(Task task, TaskType.Encoded output, List<NewTask> emitted, @Nullable String traceParent) {
        settle(task, Exit.SUCCESS, owed.bySuccess(task, output.json(), emitted, traceParent));
    }

    /** @param reason as in {@link io.sluice.record.Failure#reason()} */
    void giveUp(Task task, String reason, Throwable cause) {
        task.reason = reason;
        settle(task, Exit.DEAD_LETTER, owed.byFailure(task, reason, cause, loop.now()));
    }

    private void settle(Task task, Exit exit, List<ProducerRecord<byte[], byte[]>> records) {
        task.state = TaskState.SETTLING;
        task.exit = exit;
        settler.settle(task, records);
    }

    private void left(Task task) {
        if (task.exit != null && task.end() == Task.End.SETTLED) {
            count(task, task.exit);
        }
        lanes.leave(task);
    }

    private static void count(Task task, Exit exit) {
        TypeCounters counters = task.type().counters;
        switch (exit) {
            case SUCCESS -> counters.succeeded++;
            case DEAD_LETTER -> counters.deadLetters.merge(task.reason, 1L, Long::sum);
        }
    }

    private void tooLarge(Task task, Exception failure) {
        giveUp(task, "result", new Misfit("result", "a follow-up task is too large: " + failure.getMessage(), failure));
    }

    /** As {@link #drop}, for a task that was not running: a shutdown counts it as left. */
    void leaveBehind(Task task) {
        drop(task);
        drain.left();
    }

    /** Gives it back: it is uncommitted, and the partition's next owner runs it. */
    void drop(Task task) {
        task.dropped();
        lanes.leave(task);
    }
}
