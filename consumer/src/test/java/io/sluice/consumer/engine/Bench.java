package io.sluice.consumer.engine;

import io.sluice.settings.Limits;
import io.sluice.settings.TypeSettings;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A dispatcher with everything around it faked, fed by hand instead of by a poll loop. */
final class Bench {
    final VirtualLoop loop = new VirtualLoop();
    final FakeSink sink = new FakeSink();
    final ManualExecutor workers = new ManualExecutor();
    final HeldBody body = new HeldBody();
    final Dispatcher dispatcher;

    private final TaskTypes types;

    /** One type, {@code work}, whose attempts end when the test says how. */
    Bench(Limits limits) {
        this(limits, bench -> List.of(bench.type(TestSettings.TYPE, TestSettings.type(limits.maxInFlight()))));
    }

    Bench(Limits limits, TypeSettings settings, TaskType.Body body) {
        this(limits, bench -> List.of(bench.type(TestSettings.TYPE, settings, body)));
    }

    Bench(Limits limits, Types known) {
        TaskType unknown = type(
                "(unknown)",
                TestSettings.type(limits.maxInFlight()),
                RetryPolicy.untilKnown(TestSettings.UNKNOWN_TYPE_WAIT),
                TaskTypes.unknownBody(),
                workers);
        types = new TaskTypes(known.of(this), unknown);
        dispatcher = new Dispatcher(TestSettings.of(limits), loop, types, sink);
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

    OwnedPartition partition(int number) {
        return new OwnedPartition(new TopicPartition(TestSettings.TOPIC, number), 0);
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
        for (TaskRecord record : Arrays.asList(records)) {
            Task task = new Task(record.build(), partition);
            partition.tracker.track(task);
            tasks.add(task);
        }
        dispatcher.accept(tasks);
        return tasks;
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
        return dispatcher.status(1);
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

    /** How far the partition would be committed now; -1 if that would say nothing new. */
    static long committable(OwnedPartition partition) {
        OffsetAndMetadata offset = partition.tracker.committable();
        return offset == null ? -1 : offset.offset();
    }

    static @Nullable String header(ProducerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    static String text(ProducerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }
}
