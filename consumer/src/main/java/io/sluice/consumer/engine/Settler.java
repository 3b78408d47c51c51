package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way out of memory: a task is settled when the broker has acknowledged every record it owes, one after the
 * other (P1). A refused write is tried again, for as long as it takes; one that can never fit is made smaller.
 *
 * <p>{@link #settle} is called on the loop, acknowledgements come on any thread.
 */
final class Settler {
    private static final Logger log = LoggerFactory.getLogger(Settler.class);
    /** Of owed records in memory; beyond it there is no room, whatever the capacity. */
    private static final long MOST_BYTES = 64L << 20;

    private static final long RECORD_OVERHEAD = 200;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);

    private final Sink sink;
    private final Loop loop;
    private final int capacity;
    private final BiConsumer<Task, Exception> onTooLarge;
    private final Inbox<Task> left;
    private final AtomicInteger pending = new AtomicInteger();
    private final Seldom refusals;
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder acknowledged = new LongAdder();
    private final AtomicInteger refused = new AtomicInteger();

    /**
     * @param capacity how many tasks may be between {@link #settle} and their acknowledgement before {@link #hasRoom}
     *     says no
     * @param onLeft hears of each task that owed something and is settled, or dropped since its partition went, on the loop
     * @param onTooLarge hears, on the loop, of a task that owes a task (a follow-up, or a copy of its own) which is too
     *     large for its topic; it is not settled yet and may owe something else instead
     * @param afterwards runs on the loop behind a lot of those that left
     */
    Settler(
            Sink sink,
            Loop loop,
            int capacity,
            Consumer<Task> onLeft,
            BiConsumer<Task, Exception> onTooLarge,
            Runnable afterwards) {
        this.sink = sink;
        this.loop = loop;
        this.capacity = capacity;
        this.onTooLarge = onTooLarge;
        this.refusals = new Seldom(loop);
        this.left = new Inbox<>(loop, onLeft, afterwards);
    }

    boolean hasRoom() {
        return pending.get() < capacity && bytes.get() < MOST_BYTES;
    }

    /** Tasks between {@link #settle} and their acknowledgement. Any thread. */
    int pending() {
        return pending.get();
    }

    /** Records that the broker has acknowledged so far. Any thread. */
    long acknowledged() {
        return acknowledged.sum();
    }

    /** Records that it has refused and not taken since. Any thread. */
    int refused() {
        return refused.get();
    }

    /**
     * Sends what the task owes: the first, when that is acknowledged all the others but the last, and then the last. So
     * none is written if the first, of several the largest, does not fit; and a result never comes before the dead letter
     * or the follow-up tasks that belong to it. Loop thread, once a task until it is refused as too large.
     *
     * @return whether it is settled at once, for it owes nothing; of that nobody else hears
     */
    boolean settle(Task task, List<ProducerRecord<byte[], byte[]>> owed) {
        if (owed.isEmpty()) {
            task.settled();
            return true;
        }
        pending.incrementAndGet();
        new Settlement(task, owed).begin();
        return false;
    }

    private static long size(List<ProducerRecord<byte[], byte[]>> records) {
        long size = RECORD_OVERHEAD * records.size();
        for (ProducerRecord<byte[], byte[]> record : records) {
            size += record.key() == null ? 0 : record.key().length;
            size += record.value() == null ? 0 : record.value().length;
        }
        return size;
    }

    /** One task's records on their way. */
    private final class Settlement {
        private final Task task;
        private final List<ProducerRecord<byte[], byte[]>> owed;
        private final AtomicInteger unacknowledged;
        private final AtomicBoolean over = new AtomicBoolean();
        private final long size;

        Settlement(Task task, List<ProducerRecord<byte[], byte[]>> owed) {
            this.task = task;
            this.owed = owed;
            this.unacknowledged = new AtomicInteger(owed.size());
            this.size = size(owed);
            bytes.addAndGet(size);
        }

        void begin() {
            new Write(this, owed.get(0)).send();
        }

        /** Any thread: that of the acknowledgement. */
        void acknowledged() {
            int missing = unacknowledged.decrementAndGet();
            if (over.get()) {
                return;
            }
            if (task.partition.isGone()) {
                loop.execute(this::abandon);
            } else if (missing == 0) {
                task.settled();
                leave();
            } else if (missing == 1) {
                new Write(this, owed.get(owed.size() - 1)).send();
            } else if (missing == owed.size() - 1) {
                owed.subList(1, owed.size() - 1).forEach(record -> new Write(this, record).send());
            }
        }

        /** The partition's next owner runs the task again and will owe these records itself. Loop thread. */
        private void abandon() {
            task.dropped();
            leave();
        }

        /** What the task owes is more than its topic takes. Loop thread, perhaps once a record. */
        private void tooLarge(Exception failure) {
            if (over.compareAndSet(false, true)) {
                pending.decrementAndGet();
                bytes.addAndGet(-size);
                onTooLarge.accept(task, failure);
            }
        }

        private void leave() {
            if (over.compareAndSet(false, true)) {
                pending.decrementAndGet();
                bytes.addAndGet(-size);
                left.put(task);
            }
        }
    }

    /** One record on its way. Its acknowledgements come one at a time, so it needs no lock. */
    private final class Write {
        private final Settlement settlement;
        private final ProducerRecord<byte[], byte[]> record;
        private Shrink shrink = Shrink.NOT_AT_ALL;
        private Duration backoff = FIRST_BACKOFF;
        private boolean isRefused;

        Write(Settlement settlement, ProducerRecord<byte[], byte[]> record) {
            this.settlement = settlement;
            this.record = record;
        }

        void send() {
            if (settlement.task.partition.isGone()) {
                over();
                loop.execute(settlement::abandon);
                return;
            }
            sink.send(shrink.apply(record, settlement.task.record), failure -> {
                if (failure == null) {
                    settlement.acknowledged();
                    acknowledged.increment();
                    over();
                } else {
                    loop.execute(() -> refused(failure));
                }
            });
        }

        /** It is refused no longer, if it was. */
        private void over() {
            if (isRefused) {
                isRefused = false;
                refused.decrementAndGet();
            }
        }

        private void refused(Exception failure) {
            if (failure instanceof RecordTooLargeException && !Shrink.canShrink(record)) {
                over();
                settlement.tooLarge(failure);
            } else if (failure instanceof RecordTooLargeException && shrink != Shrink.VALUE) {
                shrink = shrink.further();
                TaskFields.of(log.atWarn(), settlement.task)
                        .log(
                                "A record for {} is too large and goes {}: {}",
                                record.topic(),
                                shrink.words,
                                failure.getMessage());
                send();
            } else {
                if (refusals.now()) {
                    TaskFields.of(log.atWarn(), settlement.task)
                            .log(
                                    "{} refused a record of task {}; it and others like it are tried again until it takes them: {}",
                                    record.topic(),
                                    settlement.task.id(),
                                    failure.toString());
                }
                if (!isRefused) {
                    isRefused = true;
                    refused.incrementAndGet();
                }
                loop.after(backoff, this::send);
                Duration doubled = backoff.multipliedBy(2);
                backoff = doubled.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : doubled;
            }
        }
    }
}
