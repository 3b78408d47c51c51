package io.sluice.producer.client;

import io.sluice.kafka.KafkaClients;
import io.sluice.kafka.RecordSender;
import io.sluice.record.NewTask;
import io.sluice.settings.Settings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Puts tasks on the pipeline's topic and says when the broker has them.
 *
 * <p>Every method may be called from any thread and none blocks. What it returns completes on the caller's context; a
 * thread without one is given an event loop's. At most {@code maxBuffered} tasks are unacknowledged at a time, so a
 * broker that is away costs bounded memory.
 */
public final class Tasks {
    /** The {@code ce_source} of tasks whose sender names none. */
    public static final String SOURCE = "/sluice/producer";

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** Tells the threads and the Kafka clients of one JVM apart. */
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private final Vertx vertx;
    private final String topic;
    private final int maxBuffered;
    private final Semaphore room;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final RecordSender sender;

    private Tasks(
            Vertx vertx,
            String name,
            String topic,
            int maxBuffered,
            Supplier<? extends Producer<byte[], byte[]>> producers) {
        this.vertx = vertx;
        this.topic = topic;
        this.maxBuffered = maxBuffered;
        this.room = new Semaphore(maxBuffered);
        this.sender = new RecordSender(name, producers);
    }

    /** Starts a sender to the settings' broker and topic. The broker need not be there yet. */
    public static Tasks open(Vertx vertx, Settings settings) {
        String name = name();
        return new Tasks(
                vertx,
                name,
                settings.topics().tasks(),
                settings.producer().maxBuffered(),
                () -> KafkaClients.producer(settings.kafka(), name));
    }

    /**
     * Starts a sender with a producer of your own making.
     *
     * @param producers makes it, on the sender's thread, and again when it fails for good
     */
    public static Tasks open(
            Vertx vertx, String topic, int maxBuffered, Supplier<? extends Producer<byte[], byte[]>> producers) {
        return new Tasks(vertx, name(), topic, maxBuffered, producers);
    }

    private static String name() {
        return "sluice-producer-" + INSTANCES.incrementAndGet();
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

    public Future<Receipt> submit(String id, ProducerRecord<byte[], byte[]> record) {
        if (!room.tryAcquire()) {
            return Future.failedFuture(new BufferFull(maxBuffered));
        }
        Context context = vertx.getOrCreateContext();
        Promise<Receipt> promise = Promise.promise();
        sender.send(record, failure -> {
            room.release();
            wakeWaiting();
            runOn(context, () -> settle(promise, id, failure));
        });
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
     * @return completes as soon as no more than half of {@code maxBuffered} is unacknowledged; others may be faster to
     *     take the room, so the next submit can be refused again
     */
    public Future<Void> room() {
        Context context = vertx.getOrCreateContext();
        Promise<Void> promise = Promise.promise();
        waiting.add(() -> runOn(context, promise::complete));
        // The acknowledgement that made room may have come before this one waited.
        wakeWaiting();
        return promise.future();
    }

    /** How many tasks wait for the broker's acknowledgement. */
    public int unacknowledged() {
        return maxBuffered - room.availablePermits();
    }

    private void wakeWaiting() {
        if (unacknowledged() <= maxBuffered / 2) {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                next.run();
            }
        }
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
     * Waits up to 10 seconds for what is unacknowledged, fails the rest, and ends the thread. A task submitted after that
     * fails.
     */
    public Future<Void> close() {
        return vertx.executeBlocking(
                () -> {
                    sender.close(CLOSE_TIMEOUT);
                    return null;
                },
                false);
    }

    public String topic() {
        return topic;
    }
}
