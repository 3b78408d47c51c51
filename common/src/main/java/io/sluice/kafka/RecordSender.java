package io.sluice.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread and a queue in front of a Kafka producer, because {@link Producer#send} blocks while the broker is away and
 * an event loop must not.
 *
 * <p>The producer belongs to the sender thread. One that can send no more (fenced, out of sequence, closed) is replaced
 * by a new one; what it had not got acknowledged fails, for its owner to send again. {@link #send} may
 * be called from any thread and never refuses: who calls it bounds what is unacknowledged.
 */
public final class RecordSender implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RecordSender.class);

    /** Kafka's own default. */
    private static final Duration DELIVERY = Duration.ofMinutes(2);

    /**
     * How long it lets others gather behind the last one before it waits for them: to wake it for each of a thousand would
     * cost those who queue them more than all else. Far less than the producer itself waits for a batch.
     */
    private static final long GATHERING_NANOS = 500_000;

    /** Hears what became of one record. */
    @FunctionalInterface
    public interface Ack {
        /**
         * Called once, on the sender thread or a thread of the producer's.
         *
         * @param failure null if the broker has acknowledged the record
         */
        void done(@Nullable Exception failure);
    }

    private record Entry(ProducerRecord<byte[], byte[]> record, Ack ack, long queuedNanos) {
        /** An owner's error stays its own: it must not end the sender, nor make the acknowledgement come twice. */
        void done(@Nullable Exception failure) {
            try {
                ack.done(failure);
            } catch (RuntimeException e) {
                log.error("Whoever waits for an acknowledgement failed to take it", e);
            }
        }
    }

    private final Supplier<? extends Producer<byte[], byte[]>> producers;
    private final Duration delivery;
    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    /** Of the sender thread. */
    private @Nullable Producer<byte[], byte[]> producer;

    private volatile boolean closing;
    private volatile boolean broken;
    private volatile boolean ended;
    private volatile long closeNanos;

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param clientId of its producers
     * @param kafka their properties
     */
    public static RecordSender open(String name, String clientId, Map<String, String> kafka) {
        return open(name, clientId, kafka, producer -> {});
    }

    /**
     * As {@link #open(String, String, Map)}.
     *
     * @param opened hears of the first producer and of every replacement, on the sender thread
     */
    public static RecordSender open(
            String name, String clientId, Map<String, String> kafka, Consumer<? super Producer<?, ?>> opened) {
        return new RecordSender(
                name,
                () -> {
                    Producer<byte[], byte[]> producer = KafkaClients.producer(kafka, clientId);
                    opened.accept(producer);
                    return producer;
                },
                KafkaClients.deliveryTimeout(kafka));
    }

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param producers makes a producer with Kafka's default for {@code delivery.timeout.ms}: the first one and every
     *     replacement, on the sender thread
     */
    public RecordSender(String name, Supplier<? extends Producer<byte[], byte[]>> producers) {
        this(name, producers, DELIVERY);
    }

    RecordSender(String name, Supplier<? extends Producer<byte[], byte[]>> producers, Duration delivery) {
        this.producers = producers;
        this.delivery = delivery;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Queues a record, without blocking. After {@link #close} the acknowledgement is a failure; so is that of a record
     * that waited for its turn as long as a delivery may take, which was never sent then.
     */
    public void send(ProducerRecord<byte[], byte[]> record, Ack ack) {
        queue.add(new Entry(record, ack, System.nanoTime()));
        if (ended) {
            failQueued();
        }
    }

    /**
     * Sends what is queued, waits for its acknowledgements for at most this long, and ends the thread. Blocks; never
     * call it on an event loop.
     */
    public void close(Duration timeout) {
        closeNanos = System.nanoTime() + timeout.toNanos();
        closing = true;
        try {
            thread.join(Math.max(1, timeout.toMillis()));
            // Past its time it may still be inside a blocking send, which only an interrupt ends.
            thread.interrupt();
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                Entry entry = queue.poll(50, TimeUnit.MILLISECONDS);
                if (entry != null) {
                    send(entry);
                    if (queue.isEmpty()) {
                        LockSupport.parkNanos(GATHERING_NANOS);
                    }
                }
            }
        } catch (InterruptedException | InterruptException e) {
            log.debug("The sender was told to end at once");
        } finally {
            closeProducer(Duration.ofNanos(Math.max(0, closeNanos - System.nanoTime())));
            // Set before the queue is emptied: a record that is queued later finds it set, so none is forgotten.
            ended = true;
            failQueued();
        }
    }

    private void send(Entry entry) {
        // While no broker is there, each send blocks for max.block.ms: a thousand would hear of it the next day.
        if (System.nanoTime() - entry.queuedNanos > delivery.toNanos()) {
            entry.done(new TimeoutException("it waited longer than " + delivery.toSeconds() + " s to be sent"));
            return;
        }
        if (broken) {
            log.warn("The Kafka producer can send no more; a new one takes its place");
            closeProducer(Duration.ZERO);
        }
        try {
            if (producer == null) {
                broken = false;
                producer = producers.get();
            }
            Future<RecordMetadata> unused = producer.send(entry.record, (metadata, failure) -> {
                if (failure != null && isFatal(failure)) {
                    broken = true;
                }
                entry.done(failure);
            });
        } catch (InterruptException e) {
            entry.done(e);
            throw e;
        } catch (Error e) {
            broken = true;
            entry.done(new IllegalStateException(e.toString(), e));
        } catch (RuntimeException e) {
            // What send throws, rather than reports, is about the producer and not about the record.
            broken = true;
            entry.done(e);
        }
    }

    private void closeProducer(Duration timeout) {
        if (producer != null) {
            // With the flag set, the producer would not wait for its own thread, and throw.
            boolean unused = Thread.interrupted();
            try {
                producer.close(timeout);
            } catch (RuntimeException e) {
                log.warn("The Kafka producer did not close cleanly: {}", e.toString());
            }
            producer = null;
        }
    }

    /** Of the errors that are reported record by record, those after which an idempotent producer sends no more. */
    private static boolean isFatal(Exception failure) {
        return !(failure instanceof ApiException)
                || failure instanceof ProducerFencedException
                || failure instanceof OutOfOrderSequenceException
                || failure instanceof UnknownProducerIdException
                || failure instanceof InvalidProducerEpochException
                || failure instanceof ClusterAuthorizationException
                || failure instanceof UnsupportedVersionException;
    }

    private void failQueued() {
        for (Entry entry = queue.poll(); entry != null; entry = queue.poll()) {
            entry.done(new IllegalStateException("the sender is closed"));
        }
    }
}
