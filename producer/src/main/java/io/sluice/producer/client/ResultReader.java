package io.sluice.producer.client;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.sluice.record.TaskResult;
import io.sluice.record.Undecodable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loop of {@link ResultWatch}. Its thread owns the Kafka consumer; only {@link #stop} is for others. */
final class ResultReader implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(ResultReader.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final long PAUSE_AFTER_ERROR_MILLIS = 500;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(1);

    /** Hears from the reader, on the reader's thread. */
    interface Listener {
        /** Every partition's position is known. */
        void started();

        /**
         * What was there at that time has been handed over: first what had been there when it started; if it began at a
         * given time, again about every second.
         *
         * @param asOfNanos of {@link System#nanoTime}
         */
        void caughtUp(long asOfNanos);

        /** Results were deleted before they were read. */
        void lost();

        /** It could not start, and ends. */
        void failed(Exception cause);

        /** @param taken to be called when they have been dealt with; until then no more come */
        void results(List<TaskResult> results, Runnable taken);
    }

    private final String topic;
    private final @Nullable Instant from;
    private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
    private final Listener listener;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Semaphore handOver = new Semaphore(1);
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private final AtomicLong skipped = new AtomicLong();
    /** The partitions of which not all that was there at the last look has been read, and where that ends. Its own thread's. */
    private final Map<TopicPartition, Long> behind = new HashMap<>();

    private long lookedNanos;
    private long lastTryNanos;
    private boolean caughtUp;

    /** @param from the time of the first record that it must find; null for none of those that are there */
    ResultReader(
            String topic,
            @Nullable Instant from,
            Supplier<? extends Consumer<byte[], byte[]>> consumers,
            Listener listener) {
        this.topic = topic;
        this.from = from;
        this.consumers = consumers;
        this.listener = listener;
    }

    /** Ends the loop soon, wherever it is. From any thread. */
    void stop() {
        stopped.countDown();
        Consumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
    }

    long skipped() {
        return skipped.get();
    }

    @Override
    public void run() {
        Consumer<byte[], byte[]> reading = null;
        try {
            reading = consumers.get();
            consumer = reading;
            if (!running()) {
                // That stop found no consumer to wake up.
                throw new WakeupException();
            }
            findStart(reading);
            listener.started();
            follow(reading);
        } catch (WakeupException | InterruptedException e) {
            listener.failed(new IllegalStateException("the watch was closed before it had started"));
        } catch (RuntimeException e) {
            String why = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
            listener.failed(new IllegalStateException("cannot follow topic " + topic + ": " + e.getMessage() + why, e));
        } finally {
            if (reading != null) {
                reading.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            }
        }
    }

    /** False once it was told to stop. From any thread. */
    boolean running() {
        return stopped.getCount() > 0;
    }

    private void findStart(Consumer<byte[], byte[]> reading) {
        Set<TopicPartition> partitions = partitions(reading);
        if (partitions.isEmpty()) {
            throw new IllegalStateException("it does not exist");
        }
        reading.assign(partitions);
        lookedNanos = System.nanoTime();
        lastTryNanos = lookedNanos;
        reading.seekToEnd(partitions);
        // A seek is lazy. Only asking for the position finds the end as it is now.
        Map<TopicPartition, Long> ends = new HashMap<>();
        partitions.forEach(partition -> ends.put(partition, reading.position(partition)));
        if (from != null) {
            // Asked only now: of a record that is written meanwhile, the end is before it or the time finds it.
            seekTo(from, reading, partitions);
            behind.putAll(ends);
        }
    }

    /** A partition without a record of that time or later stays at its end. */
    private static void seekTo(Instant from, Consumer<byte[], byte[]> reading, Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, from.toEpochMilli()));
        reading.offsetsForTimes(times).forEach((partition, found) -> {
            @Nullable OffsetAndTimestamp first = found;
            if (first != null) {
                reading.seek(partition, first.offset());
            }
        });
    }

    private Set<TopicPartition> partitions(Consumer<byte[], byte[]> reading) {
        @Nullable List<PartitionInfo> found = reading.partitionsFor(topic);
        Set<TopicPartition> partitions = new HashSet<>();
        if (found != null) {
            found.forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        return partitions;
    }

    private void follow(Consumer<byte[], byte[]> reading) throws InterruptedException {
        while (running()) {
            try {
                takeNewPartitions(reading);
                lookWhetherCaughtUp(reading);
                handOver(reading.poll(POLL_TIMEOUT));
            } catch (WakeupException e) {
                log.debug("Woken up, which only a stop does");
            } catch (OffsetOutOfRangeException e) {
                log.warn("Results of {} are lost: {}", topic, e.getMessage());
                listener.lost();
                reading.seekToBeginning(e.offsetOutOfRangePartitions().keySet());
            } catch (RuntimeException e) {
                log.warn("Cannot read {}, but will go on trying: {}", topic, e.toString());
                boolean unused = stopped.await(PAUSE_AFTER_ERROR_MILLIS, MILLISECONDS);
            }
        }
    }

    private void lookWhetherCaughtUp(Consumer<byte[], byte[]> reading) {
        if (caughtUp) {
            lookAgain(reading);
        }
        if (!caughtUp) {
            behind.entrySet().removeIf(end -> reading.position(end.getKey()) >= end.getValue());
            caughtUp = behind.isEmpty();
            if (caughtUp) {
                listener.caughtUp(lookedNanos);
            }
        }
    }

    /** That nothing comes does not say that nothing is there: a consumer whose broker is away is silent, too. */
    private void lookAgain(Consumer<byte[], byte[]> reading) {
        long now = System.nanoTime();
        if (from == null || now - lastTryNanos < LOOK_EVERY.toNanos()) {
            return;
        }
        lastTryNanos = now;
        try {
            behind.putAll(reading.endOffsets(reading.assignment(), LOOK_TIMEOUT));
            lookedNanos = now;
            caughtUp = false;
        } catch (TimeoutException e) {
            log.debug("Where {} ends is not known: {}", topic, e.getMessage());
        }
    }

    /** Costs nothing while nothing changes: the consumer answers from the metadata that it keeps fresh by itself. */
    private void takeNewPartitions(Consumer<byte[], byte[]> reading) {
        Set<TopicPartition> added = partitions(reading);
        added.removeAll(reading.assignment());
        if (!added.isEmpty()) {
            Set<TopicPartition> all = new HashSet<>(reading.assignment());
            all.addAll(added);
            reading.assign(all);
            reading.seekToBeginning(added);
        }
    }

    private void handOver(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
        List<TaskResult> results = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                results.add(TaskResult.read(record));
            } catch (Undecodable e) {
                skipped.incrementAndGet();
                log.debug("{}-{}@{} is skipped: {}", topic, record.partition(), record.offset(), e.getMessage());
            }
        }
        if (!results.isEmpty()) {
            while (running()) {
                if (handOver.tryAcquire(POLL_TIMEOUT.toMillis(), MILLISECONDS)) {
                    listener.results(results, handOver::release);
                    return;
                }
            }
        }
    }
}
