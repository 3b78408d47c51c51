package io.sluice.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecordSenderTest {
    private static final String THREAD = "record-sender-test";

    private final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
    private final Acks acks = new Acks();

    @AfterEach
    void noThreadIsLeft() {
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals(THREAD));
    }

    @Test
    void anAcknowledgedRecordHearsOfNoFailure() {
        try (RecordSender sender = sender(() -> mock(true))) {
            sender.send(record("a"), acks);
            await().until(() -> acks.heard.size() == 1);
            assertThat(acks.failures()).isZero();
        }
    }

    @Test
    void aSilentBrokerHoldsTheAcknowledgementBack() {
        try (RecordSender sender = sender(() -> mock(false))) {
            sender.send(record("a"), acks);
            await().until(() ->
                    !producers.isEmpty() && producers.get(0).history().size() == 1);
            assertThat(acks.heard).isEmpty();
            producers.get(0).completeNext();
            await().until(() -> acks.heard.size() == 1);
        }
    }

    @Test
    void aProducerThatBlocksNeverBlocksTheCaller() {
        Blocking blocking = new Blocking();
        try (RecordSender sender = sender(() -> blocking)) {
            for (int i = 0; i < 1_000; i++) {
                sender.send(record("r" + i), acks);
            }
            // Here the caller has come back a thousand times while not one send has.
            await().until(() -> blocking.entered.get() == 1);
            assertThat(acks.heard).isEmpty();
            blocking.free.countDown();
            await().until(() -> acks.heard.size() == 1_000);
            assertThat(acks.failures()).isZero();
        }
    }

    @Test
    void aFatalErrorIsReportedAndANewProducerSendsTheNext() {
        try (RecordSender sender = sender(() -> mock(false))) {
            sender.send(record("a"), acks);
            await().until(() ->
                    !producers.isEmpty() && producers.get(0).history().size() == 1);
            producers.get(0).errorNext(new OutOfOrderSequenceException("lost count"));
            await().until(() -> acks.heard.size() == 1);
            assertThat(acks.failures()).isEqualTo(1);

            sender.send(record("b"), acks);
            await().until(() ->
                    producers.size() == 2 && producers.get(1).history().size() == 1);
            assertThat(producers.get(0).closed()).isTrue();
            producers.get(1).completeNext();
            await().until(() -> acks.heard.size() == 2);
            assertThat(acks.failures()).isEqualTo(1);
        }
    }

    @Test
    void anErrorOfOneRecordKeepsTheProducer() {
        try (RecordSender sender = sender(() -> mock(false))) {
            sender.send(record("too large"), acks);
            await().until(() ->
                    !producers.isEmpty() && producers.get(0).history().size() == 1);
            producers.get(0).errorNext(new RecordTooLargeException("2 MB"));
            sender.send(record("b"), acks);
            await().until(() -> producers.get(0).history().size() == 2);
            producers.get(0).completeNext();
            await().until(() -> acks.heard.size() == 2);
            assertThat(producers).hasSize(1);
        }
    }

    @Test
    void aProducerThatCannotBeMadeFailsTheRecordAndIsMadeAgain() {
        AtomicInteger made = new AtomicInteger();
        try (RecordSender sender = sender(() -> {
            if (made.incrementAndGet() == 1) {
                throw new IllegalStateException("no such host");
            }
            return mock(true);
        })) {
            sender.send(record("a"), acks);
            sender.send(record("b"), acks);
            await().until(() -> acks.heard.size() == 2);
            assertThat(acks.failures()).isEqualTo(1);
        }
    }

    @Test
    void whoeverFailsToTakeAnAcknowledgementStopsNobodyElse() {
        AtomicInteger calls = new AtomicInteger();
        try (RecordSender sender = sender(() -> mock(true))) {
            sender.send(record("a"), failure -> {
                calls.incrementAndGet();
                throw new IllegalStateException("the owner is gone");
            });
            sender.send(record("b"), acks);
            await().until(() -> acks.heard.size() == 1);
            assertThat(calls).hasValue(1);
            assertThat(acks.failures()).isZero();
            assertThat(producers).hasSize(1);
        }
    }

    @Test
    void whatWaitedTooLongBehindASendThatBlocksFailsUnsent() {
        Blocking blocking = new Blocking();
        try (RecordSender sender = new RecordSender(THREAD, () -> blocking, Duration.ofMillis(100))) {
            // On a slow machine even a first one can come too late for its turn: then another takes its place.
            await().until(() -> {
                sender.send(record("first"), failure -> {});
                return blocking.entered.get() == 1;
            });
            sender.send(record("behind"), acks);
            await().pollDelay(Duration.ofMillis(110)).until(() -> true);
            blocking.free.countDown();
            await().until(() -> acks.heard.size() == 1);
            assertThat(acks.heard.peek()).contains("waited longer");
            assertThat(blocking.history()).noneMatch(record -> new String(record.value(), UTF_8).equals("behind"));
        }
    }

    @Test
    void closeSendsWhatIsQueuedFirst() {
        RecordSender sender = sender(() -> mock(true));
        for (int i = 0; i < 100; i++) {
            sender.send(record("r" + i), acks);
        }
        sender.close(Duration.ofSeconds(30));
        assertThat(acks.heard).hasSize(100);
        assertThat(acks.failures()).isZero();
        assertThat(producers.get(0).closed()).isTrue();
    }

    @Test
    void closeEndsASendThatBlocksAndFailsTheRestOnce() {
        Blocking blocking = new Blocking();
        RecordSender sender = sender(() -> blocking);
        for (int i = 0; i < 10; i++) {
            sender.send(record("r" + i), acks);
        }
        await().until(() -> blocking.entered.get() == 1);
        sender.close(Duration.ofMillis(50));
        assertThat(acks.heard).hasSize(10);
        assertThat(acks.failures()).isEqualTo(10);
        assertThat(blocking.closedWhileInterrupted).isFalse();
        assertThat(blocking.closed()).isTrue();
    }

    @Test
    void aProducerThatFailsToCloseStillLetsTheQueueHear() {
        Blocking blocking = new Blocking();
        blocking.closeException = new IllegalStateException("will not close");
        RecordSender sender = sender(() -> blocking);
        sender.send(record("a"), acks);
        sender.send(record("b"), acks);
        await().until(() -> blocking.entered.get() == 1);
        sender.close(Duration.ofMillis(50));
        assertThat(acks.heard).hasSize(2);
        assertThat(acks.failures()).isEqualTo(2);
    }

    @Test
    void aRecordThatIsSentAfterCloseFails() {
        RecordSender sender = sender(() -> mock(true));
        sender.close();
        sender.send(record("late"), acks);
        assertThat(acks.heard).hasSize(1);
        assertThat(acks.failures()).isEqualTo(1);
    }

    @Test
    void aCloseInTheMiddleOfSendingForgetsNoRecordAndTellsNoneTwice() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            RecordSender sender = sender(() -> mock(true));
            Acks each = new Acks();
            AtomicInteger sent = new AtomicInteger();
            AtomicBoolean stop = new AtomicBoolean();
            CountDownLatch running = new CountDownLatch(1);
            Thread caller = new Thread(() -> {
                while (!stop.get() || sent.get() == 0) {
                    sender.send(record("r"), each);
                    sent.incrementAndGet();
                    running.countDown();
                }
            });
            caller.start();
            assertThat(running.await(30, SECONDS)).isTrue();
            sender.close(Duration.ofMillis(1));
            stop.set(true);
            caller.join();
            assertThat(each.heard).hasSize(sent.get());
            producers.clear();
        }
    }

    private RecordSender sender(Supplier<? extends Producer<byte[], byte[]>> supplier) {
        return new RecordSender(THREAD, supplier);
    }

    private MockProducer<byte[], byte[]> mock(boolean acknowledges) {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(acknowledges, null, new ByteArraySerializer(), new ByteArraySerializer());
        producers.add(producer);
        return producer;
    }

    private static ProducerRecord<byte[], byte[]> record(String value) {
        return new ProducerRecord<>("tasks", value.getBytes(UTF_8));
    }

    /** Takes acknowledgements down: one entry a call, empty text for success. */
    private static final class Acks implements RecordSender.Ack {
        final Queue<String> heard = new ConcurrentLinkedQueue<>();

        @Override
        public void done(@Nullable Exception failure) {
            heard.add(failure == null ? "" : failure.toString());
        }

        long failures() {
            return heard.stream().filter(text -> !text.isEmpty()).count();
        }
    }

    /** Like Kafka's own while the broker is away: send blocks, until it is let go or interrupted. */
    private static final class Blocking extends MockProducer<byte[], byte[]> {
        final AtomicInteger entered = new AtomicInteger();
        final CountDownLatch free = new CountDownLatch(1);
        volatile boolean closedWhileInterrupted;

        Blocking() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            entered.incrementAndGet();
            try {
                free.await();
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
            return super.send(record, callback);
        }

        @Override
        public void close(Duration timeout) {
            closedWhileInterrupted = Thread.currentThread().isInterrupted();
            super.close(timeout);
        }
    }
}
