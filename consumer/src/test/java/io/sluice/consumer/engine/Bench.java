package io.sluice.consumer.engine;

import io.sluice.settings.Limits;
import io.sluice.settings.TopicNames;
import io.sluice.settings.TypeSettings;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A dispatcher with everything around it faked, fed by hand instead of by a poll loop. */
final class Bench {
    private static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

    final VirtualLoop loop = new VirtualLoop();
    final FakeSink sink = new FakeSink();
    final ManualExecutor workers = new ManualExecutor();
    final HeldBody body = new HeldBody();
    final Heard timings = new Heard();
    final Fence fence;
    final Dispatcher dispatcher;

    private final TaskTypes types;
    private final RestedCopies rested = new RestedCopies();

    /** One type, {@code work}, whose attempts end when the test says how. */
    Bench(Limits limits) {
        this(limits, NEVER);
    }

    Bench(Limits limits, Duration fenceAfter) {
        this(
                limits,
                bench -> List.of(bench.type(TestSettings.TYPE, TestSettings.type(limits.maxInFlight()))),
                fenceAfter);
    }

    Bench(Limits limits, TypeSettings settings, TaskType.Body body) {
        this(limits, bench -> List.of(bench.type(TestSettings.TYPE, settings, body)));
    }

    Bench(Limits limits, Types known) {
        this(limits, known, NEVER);
    }

    /** @param fenceAfter after which nothing starts without a proof, which only a poll loop brings */
    Bench(Limits limits, Types known, Duration fenceAfter) {
        fence = new Fence(loop, fenceAfter);
        TaskType unknown = type(
                "(unknown)",
                TestSettings.type(limits.maxInFlight()),
                RetryPolicy.untilKnown(TestSettings.UNKNOWN_TYPE_WAIT),
                TaskTypes.unknownBody(),
                workers);
        types = new TaskTypes(known.of(this), unknown);
        dispatcher = new Dispatcher(TestSettings.of(limits), loop, fence, types, sink, timings);
    }

    /** The types that a bench knows. */
    @FunctionalInterface
    interface Types {
        List<TaskType> of(Bench bench);
    }

    TaskType type(String name, TypeSettings settings) {
        return type(name, settings, body);
    }

    TaskType type(String name, TypeSettings settings, TaskType.Body itsBody) {
        return type(name, settings, RetryPolicy.exponential(settings.retry(), new Random(1)), itsBody, workers);
    }

    static TaskType type(String name, TypeSettings settings, RetryPolicy retry, TaskType.Body body, Executor workers) {
        return new TaskType(name, settings, retry, body, workers);
    }

    /**
     * One number of all topics that are read, from offset 0 on; what is fed of it need not rest, and every key is at home
     * in it.
     */
    OwnedPartition partition(int number) {
        return partition(number, 0);
    }

    /** @param of how many partitions the topics have */
    OwnedPartition partition(int number, int of) {
        OwnedPartition partition = new OwnedPartition(number, of);
        for (String topic : TopicNames.of(TestSettings.TOPIC).read()) {
            OffsetTracker tracker = new OffsetTracker(new OffsetAndMetadata(0), OffsetMap.none(0));
            partition.add(new Twin(partition, new TopicPartition(topic, number), tracker, null));
        }
        return partition;
    }

    /** What it knows of its first topic. */
    static OffsetTracker tracker(OwnedPartition partition) {
        return partition.twins().get(0).tracker;
    }

    /** Hands the records over as one poll would, and lets everything happen that can. */
    List<Task> feed(OwnedPartition partition, TaskRecord... records) {
        List<Task> tasks = handOver(partition, records);
        loop.runAll();
        return tasks;
    }

    /** Hands the records over, but does not let the loop see them yet. */
    List<Task> handOver(OwnedPartition partition, TaskRecord... records) {
        List<Task> tasks = new ArrayList<>();
        for (TaskRecord builder : records) {
            ConsumerRecord<byte[], byte[]> record = builder.build();
            partition.twins().stream()
                    .filter(twin -> twin.id.topic().equals(record.topic()))
                    .forEach(twin -> twin.read(record, loop.now(), tasks::add));
        }
        dispatcher.accept(tasks);
        return tasks;
    }

    /** Lets time pass, second by second, while what was moved to another topic rests there and comes back. */
    void play(OwnedPartition partition, Duration duration) {
        for (long second = 0; second < duration.toSeconds(); second++) {
            feed(partition, rested.due(loop.now(), sink.written()));
            advance(Duration.ofSeconds(1));
        }
        feed(partition, rested.due(loop.now(), sink.written()));
    }

    void succeed(long offset) {
        loop.on(() -> body.run(offset).succeed("done"));
    }

    void fail(long offset, Throwable failure) {
        loop.on(() -> body.run(offset).fail(failure));
    }

    void advance(Duration duration) {
        loop.advance(duration);
    }

    /** Revokes it, until no task of it can start any more. */
    void revoke(OwnedPartition partition) {
        partition.revoke();
        CompletableFuture<Void> done = dispatcher.revoke(List.of(partition));
        loop.runAll();
        if (!done.isDone()) {
            throw new AssertionError("the loop has heard of the revocation, but nobody has heard of the loop");
        }
    }

    void lose(OwnedPartition partition) {
        partition.giveUp();
        dispatcher.lose(List.of(partition));
        loop.runAll();
    }

    Future<DrainAccount> drain(Duration timeout) {
        Future<DrainAccount> account = dispatcher.drain(timeout);
        loop.runAll();
        return account;
    }

    ConsumerStatus status() {
        return dispatcher.status(new ConsumerStatus.Polling(1, 0, 0, 0, 0));
    }

    TypeStatus status(String type) {
        TypeStatus status = status().types().get(type);
        if (status == null) {
            throw new AssertionError("no type " + type);
        }
        return status;
    }

    List<ProducerRecord<byte[], byte[]>> results() {
        return sink.written(TestSettings.RESULTS);
    }

    List<ProducerRecord<byte[], byte[]>> deadLetters() {
        return sink.written(TestSettings.DEAD_LETTERS);
    }

    /** The reasons of all dead letters written so far. */
    List<String> reasons() {
        return deadLetters().stream()
                .map(record -> String.valueOf(header(record, "sluice-reason")))
                .toList();
    }

    /** How far its first topic would be committed now; -1 if that would say nothing new. */
    static long committable(OwnedPartition partition) {
        OffsetAndMetadata offset = tracker(partition).committable();
        return tracker(partition).isNews(offset) ? offset.offset() : -1;
    }

    static @Nullable String header(ProducerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    static String text(ProducerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
