package io.sluice.consumer.engine;

import io.sluice.settings.Limits;
import io.sluice.settings.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A poll loop on all topics of a pipeline, with everything around it faked. Only the test's thread. */
final class PollBench {
    static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);
    static final Duration FETCH_MAX_WAIT = Duration.ofMillis(500);
    static final TopicNames TOPICS = TopicNames.of(TestSettings.TOPIC);

    /** The shortest tier, ten seconds long. */
    static final String TIER = TOPICS.delays().get(0).topic();

    final FakeSource source;
    final Bench bench;
    final PollLoop pollLoop;

    PollBench() {
        this(new FakeSource(TOPICS.read()));
    }

    /** @param source perhaps one that another consumer has used before */
    PollBench(FakeSource source) {
        this(source, new Bench(new Limits(10_000, 10_000), TestSettings.FENCE_AFTER));
    }

    PollBench(FakeSource source, Bench bench) {
        this.source = source;
        this.bench = bench;
        this.pollLoop = new PollLoop(
                source,
                bench.dispatcher,
                bench.loop,
                bench.fence,
                this::await,
                new PollLoop.Plan(
                        Reading.of(TOPICS, 500, FETCH_MAX_WAIT),
                        COMMIT_INTERVAL,
                        Duration.ofMinutes(2),
                        bench.timings));
        pollLoop.start();
    }

    private boolean await(BooleanSupplier condition, Duration atMost) {
        long end = bench.loop.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && bench.loop.nanoTime() < end) {
            bench.advance(Duration.ofMillis(10));
        }
        return condition.getAsBoolean();
    }

    void turn() {
        pollLoop.turn();
        bench.loop.runAll();
    }

    /** Enough turns for a commit to be made and answered. */
    void turns() {
        pass(COMMIT_INTERVAL.multipliedBy(4));
    }

    /** Goes on turning while time passes. */
    void pass(Duration time) {
        long end = bench.loop.nanoTime() + time.toNanos();
        while (bench.loop.nanoTime() < end) {
            turn();
            bench.advance(COMMIT_INTERVAL);
        }
        turn();
    }

    /** The partition comes with all its twins. */
    void assign(Integer... partitions) {
        source.assign(partitions);
        turn();
    }

    void succeed(long... offsets) {
        for (long offset : offsets) {
            bench.succeed(offset);
        }
    }

    List<String> started() {
        return bench.body.started();
    }

    List<String> calls(String kind) {
        return source.calls().stream().filter(call -> call.startsWith(kind)).toList();
    }

    /** What the group knows of the first partition of {@code tasks}. */
    OffsetAndMetadata committed() {
        return Objects.requireNonNull(source.committed(FakeSource.id(0)), "nothing is committed");
    }

    /** What the group knows to be settled past that. */
    OffsetMap map() {
        return Objects.requireNonNull(
                OffsetMap.read(committed().offset(), committed().metadata()), "unreadable");
    }

    static TopicPartition id(String topic, int partition) {
        return new TopicPartition(topic, partition);
    }

    static TaskRecord[] records(long from, long to) {
        List<TaskRecord> records = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            records.add(TaskRecord.at(offset));
        }
        return records.toArray(TaskRecord[]::new);
    }
}
