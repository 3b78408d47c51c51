package io.sluice.consumer.engine;

import io.sluice.record.Envelope;
import io.sluice.settings.Limits;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A task's time in the lanes while a thousand others wait: it is added, the next one starts, and ends. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LanesBenchmark {
    private static final int WAITING = 1_000;
    private static final Envelope ENVELOPE = new Envelope("1", "work", null, null, null);

    @Param({"10", "1000", "1000000"})
    public int keys;

    /** 1 keeps the order of each key. */
    @Param({"1", "10"})
    public int perKey;

    private final OwnedPartition partition = new OwnedPartition(0, 12);
    private final TaskType type = new TaskType(
            "work",
            Settings.defaults().type("work"),
            RetryPolicy.untilKnown(Duration.ofDays(1)),
            attempt -> Future.succeededFuture(),
            Runnable::run);
    private List<ConsumerRecord<byte[], byte[]>> records = List.of();
    private Lanes lanes = new Lanes(new Limits(1, 1), new StillLoop());
    private int turn;

    @Setup(Level.Iteration)
    public void fill() {
        records = IntStream.range(0, keys)
                .mapToObj(n ->
                        new ConsumerRecord<>("tasks", 0, n, ("key-" + n).getBytes(StandardCharsets.UTF_8), new byte[0]))
                .toList();
        lanes = new Lanes(new Limits(100, perKey), new StillLoop());
        lanes.add(type);
        turn = 0;
        for (int i = 0; i < WAITING; i++) {
            add();
        }
    }

    private void add() {
        Task task = new Task(records.get(turn), partition);
        turn = (turn + 1) % keys;
        task.accept(ENVELOPE, type);
        lanes.add(task);
    }

    @Benchmark
    public Object addStartEnd() {
        add();
        Permit permit = lanes.next();
        if (permit == null) {
            throw new IllegalStateException("there is always one that may start");
        }
        permit.release();
        lanes.leave(permit.task);
        return permit;
    }
}
