package io.sluice.producer.client;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.kafka.ClientMetrics;
import io.sluice.kafka.KafkaClients;
import io.sluice.kafka.RecordSender;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.sluice.settings.Settings;
import io.sluice.tracing.Tracing;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Puts tasks on the pipeline's topic, says when the broker has them, and on request what became of them.
 *
 * <p>Every method may be called from any thread and none blocks. What it returns completes on the caller's context; a
 * thread without one is given an event loop's. At most {@code producer.max-buffered} tasks
 * and {@code producer.max-buffered-size} bytes are unacknowledged at a time, so a broker that is away costs bounded memory.
 */
public final class Tasks {
    /** The {@code ce_source} of tasks whose sender names none. */
    public static final String SOURCE = "/sluice/producer";

    private static final int OVERHEAD = 500;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** Tells the threads and the Kafka clients of one JVM apart. */
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private final Vertx vertx;
    private final String topic;
    private final Room room;
    private final Writer writer;
    private final @Nullable Calls calls;
    private final Measuring measuring;
    private final Tracing tracing;
    private final SendSpans spans;

    /** @param ended to be run when the sender has ended */
    private record Writer(RecordSender sender, Runnable ended) {
        static Writer open(String name, Map<String, String> kafka, @Nullable MeterRegistry registry) {
            if (registry == null) {
                return new Writer(RecordSender.open(name, name, kafka), () -> {});
            }
            ClientMetrics measured = new ClientMetrics(registry);
            Supplier<Producer<byte[], byte[]>> producers = () -> {
                Producer<byte[], byte[]> producer = KafkaClients.producer(kafka, name);
                measured.watch(producer);
                return producer;
            };
            return new Writer(RecordSender.open(name, kafka, producers), measured::close);
        }
    }

    /** Those who look on. */
    private record Onlookers(Measuring measuring, Tracing tracing) {}

    private Tasks(Vertx vertx, String topic, Room room, Writer writer, @Nullable Calls calls, Onlookers onlookers) {
        this.vertx = vertx;
        this.topic = topic;
        this.room = room;
        this.writer = writer;
        this.calls = calls;
        this.measuring = new FencedMeasuring(onlookers.measuring);
        this.tracing = onlookers.tracing;
        this.spans = new SendSpans(onlookers.tracing);
    }

    /** Starts a sender to the settings' broker and topic. The broker need not be there yet. */
    public static Tasks open(Vertx vertx, Settings settings) {
        return open(vertx, settings, Measuring.NOTHING, Tracing.off());
    }

    /**
     * The same, with somebody who measures it, and a span for each task. A task that comes with no trace context of its own
     * continues that of the thread which submits it.
     *
     * @param tracing stays yours to close
     */
    public static Tasks open(Vertx vertx, Settings settings, Measuring measuring, Tracing tracing) {
        String name = name();
        String results = settings.topics().results();
        return new Tasks(
                vertx,
                settings.topics().tasks(),
                new Room(settings.producer().maxBuffered(), settings.producer().maxBufferedBytes()),
                Writer.open(name, settings.kafka(), measuring.registry()),
                new Calls(
                        vertx, context -> found -> ResultWatch.begin(context, settings.kafka(), results, null, found)),
                new Onlookers(measuring, tracing));
    }

    /**
     * Starts a sender with a producer of your own making. It cannot {@link #call}, since it knows of no results.
     *
     * @param producers makes it, on the sender's thread, and again when it fails for good
     */
    public static Tasks open(
            Vertx vertx, String topic, int maxBuffered, Supplier<? extends Producer<byte[], byte[]>> producers) {
        return open(vertx, topic, maxBuffered, producers, Measuring.NOTHING);
    }

    /** The same, with somebody who measures it, but for the producers. */
    public static Tasks open(
            Vertx vertx,
            String topic,
            int maxBuffered,
            Supplier<? extends Producer<byte[], byte[]>> producers,
            Measuring measuring) {
        return new Tasks(
                vertx,
                topic,
                new Room(maxBuffered, Long.MAX_VALUE),
                new Writer(new RecordSender(name(), producers), () -> {}),
                null,
                new Onlookers(measuring, Tracing.off()));
    }

    private static String name() {
        return "sluice-producer-" + INSTANCES.incrementAndGet();
    }

    /**
     * Writes a task that is due at once.
     *
     * @see #submit(NewTask)
     */
    public Future<Receipt> submit(String type, @Nullable String key, Object payload) {
        return submit(type, key, payload, TaskOptions.none());
    }

    /**
     * Writes a task.
     *
     * @param type what runs it
     * @param key the resource whose limit it counts against; null for none
     * @param payload what Jackson maps to JSON, a JSON value of Jackson's or of Vert.x, or JSON as bytes
     * @return fails also with {@link IllegalArgumentException} that names what cannot be
     * @see #submit(NewTask)
     */
    public Future<Receipt> submit(String type, @Nullable String key, Object payload, TaskOptions options) {
        try {
            return submit(NewTasks.of(type, key, payload, options));
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
    }

    /**
     * Writes a task. Fails at once with {@link BufferFull}, or with {@link NotAcknowledged} when the broker refuses it or
     * Kafka has given up retrying: with its default timeouts ({@code delivery.timeout.ms}, {@code max.block.ms}) at the
     * latest four minutes later.
     *
     * @return completes when the broker has acknowledged it
     */
    public Future<Receipt> submit(NewTask task) {
        return submit(task.id(), task.toRecord(topic, SOURCE, null));
    }

    /** Writes a task that is a record already; its id is in its headers, too. */
    public Future<Receipt> submit(String id, ProducerRecord<byte[], byte[]> record) {
        Context context = vertx.getOrCreateContext();
        Promise<Receipt> promise = Promise.promise();
        boolean taken = offer(record, 0, failure -> runOn(context, () -> settle(promise, id, failure)));
        return taken ? promise.future() : Future.failedFuture(new BufferFull(unacknowledged()));
    }

    /**
     * Writes a task that is a record already, the cheap way for many: nothing hops to a context.
     *
     * @param othersShare the part of the buffer that must stay free for others: a quarter is 4; 0 for none of it
     * @param ack hears of the acknowledgement, on a thread of the sender's
     * @return false if there is no room; then nothing was written and nobody will hear of it
     */
    public boolean offer(ProducerRecord<byte[], byte[]> record, int othersShare, RecordSender.Ack ack) {
        int size = size(record);
        if (!room.tryTake(size, othersShare)) {
            return false;
        }
        RecordSender.Ack traced = spans.begin(record, ack);
        long takenNanos = System.nanoTime();
        writer.sender.send(record, failure -> {
            long now = System.nanoTime();
            if (failure == null) {
                room.acknowledged(now);
            }
            room.release(size);
            traced.done(failure);
            if (failure == null) {
                measuring.acknowledged(now - takenNanos);
            }
        });
        return true;
    }

    /** What it holds of memory, roughly. */
    private static int size(ProducerRecord<byte[], byte[]> record) {
        int size = OVERHEAD + length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            size += length(header.value());
        }
        return size;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /**
     * Writes a task and waits for its result. The first call takes longer: it first has to find the end of the results.
     *
     * @param timeout how long to wait in all
     * @return its result, whether it succeeded or failed for good. Fails as {@link #submit} does, with
     *     {@link NoResultYet} after the timeout, or with one line if the results cannot be followed
     */
    public Future<TaskResult> call(String type, @Nullable String key, Object payload, Duration timeout) {
        return call(type, key, payload, timeout, TaskOptions.none());
    }

    /** The same with options; a task that is due later than the timeout has no result before it. */
    public Future<TaskResult> call(
            String type, @Nullable String key, Object payload, Duration timeout, TaskOptions options) {
        Calls calls = this.calls;
        if (calls == null) {
            throw new IllegalStateException("this client was opened without settings: it knows of no results");
        }
        NewTask task;
        try {
            task = NewTasks.of(type, key, payload, options);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        Context context = vertx.getOrCreateContext();
        Promise<TaskResult> promise = Promise.promise();
        calls.call(task.id(), timeout, tracing.here(() -> submit(task)))
                .onComplete(called -> runOn(context, () -> promise.handle(called)));
        return promise.future();
    }

    private void settle(Promise<Receipt> promise, String id, @Nullable Exception failure) {
        if (failure == null) {
            promise.complete(new Receipt(id, topic));
        } else {
            promise.fail(new NotAcknowledged(id, failure));
        }
    }

    /**
     * How a feeder waits for room after {@link BufferFull}, as with the drain handler of Vert.x's write streams.
     *
     * @return completes as soon as no more than half of the buffer is taken; others may be faster to take the room, so the
     *     next submit can be refused again
     */
    public Future<Void> room() {
        Context context = vertx.getOrCreateContext();
        Promise<Void> promise = Promise.promise();
        room.whenHalfFree(() -> runOn(context, promise::complete));
        return promise.future();
    }

    /** How many tasks wait for the broker's acknowledgement. */
    public int unacknowledged() {
        return room.tasks();
    }

    /** What these hold of memory, roughly. */
    public long unacknowledgedBytes() {
        return room.bytes();
    }

    /** For how long tasks have waited while the broker has acknowledged none; zero while none wait. */
    public Duration unacknowledgedFor() {
        return room.unacknowledgedFor();
    }

    /** Whether one more would be taken. */
    public boolean hasRoom() {
        return !room.isFull();
    }

    private static void runOn(Context context, Runnable task) {
        try {
            context.runOnContext(nothing -> task.run());
        } catch (RejectedExecutionException e) {
            // Vert.x is closed and its event loops with it; whoever still waits shall not wait for ever.
            task.run();
        }
    }

    /**
     * Waits up to 10 seconds for what is unacknowledged, fails the rest and the calls, and ends the threads. A task
     * submitted after that fails.
     */
    public Future<Void> close() {
        return vertx.executeBlocking(
                        () -> {
                            writer.sender.close(CLOSE_TIMEOUT);
                            writer.ended.run();
                            return null;
                        },
                        false)
                .transform(closed -> calls == null ? Future.succeededFuture() : calls.close());
    }

    /** The one that holds the work. */
    public String topic() {
        return topic;
    }
}
