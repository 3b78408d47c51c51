package io.sluice.consumer.engine;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A record's time in the tracker: it is tracked, settles, and its part of a commit is made, once for each poll. One record in front of all the
 * others never settles, so every commit has a map.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class OffsetTrackerBenchmark {
    private static final int POLL = 500;

    /** How many records are unsettled, besides that one. */
    @Param({"0", "100", "1000"})
    public int unsettled;

    private final OwnedPartition partition = new OwnedPartition(0, 12);
    private final byte[] value = new byte[200];
    private final Queue<Task> running = new ArrayDeque<>();
    private OffsetTracker tracker = fresh();
    private long offset;

    /** The span from the gap on must not grow for ever. */
    @Setup(Level.Iteration)
    public void begin() {
        running.clear();
        tracker = fresh();
        offset = 0;
        track();
        for (int i = 0; i < unsettled; i++) {
            running.add(track());
        }
    }

    private static OffsetTracker fresh() {
        return new OffsetTracker(new OffsetAndMetadata(0), OffsetMap.none(0));
    }

    private Task track() {
        Task task = new Task(new ConsumerRecord<>("tasks", 0, offset++, null, value), partition);
        tracker.track(task);
        return task;
    }

    @Benchmark
    @OperationsPerInvocation(POLL)
    public Object trackSettleCommit() {
        for (int i = 0; i < POLL; i++) {
            running.add(track());
            running.remove().settled();
        }
        OffsetAndMetadata commit = tracker.committable();
        tracker.acknowledged(commit);
        return commit;
    }
}
