package io.sluice.producer.client;

import static io.sluice.producer.client.Futures.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.record.NewTask;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TasksTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        Futures.await(vertx.close());
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("sluice-producer"));
    }

    @Test
    void aReceiptComesOnlyAfterTheAcknowledgement() throws Exception {
        Broker broker = Broker.thatIsSilent();
        Tasks tasks = open(broker, 10);

        Future<Receipt> receipt = tasks.submit(task("a"));
        await().until(() -> broker.history().size() == 1);
        assertThat(receipt.isComplete()).isFalse();
        assertThat(tasks.unacknowledged()).isEqualTo(1);

        broker.completeNext();
        assertThat(Futures.await(receipt)).isEqualTo(new Receipt("a", "tasks"));
        assertThat(tasks.unacknowledged()).isZero();
        Futures.await(tasks.close());
    }

    @Test
    void whoMeasuresAndThrowsTakesNeitherReceiptNorRoom() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Measuring throwing = new Measuring() {
            @Override
            public void acknowledged(long nanos) {
                asked.incrementAndGet();
                throw new IllegalStateException("a bug of the metrics");
            }

            @Override
            public @Nullable MeterRegistry registry() {
                return null;
            }
        };
        Broker broker = Broker.thatAcknowledges();
        Tasks tasks = Tasks.open(vertx, "tasks", 1, () -> broker, throwing);

        assertThat(Futures.await(tasks.submit(task("a"))).id()).isEqualTo("a");
        assertThat(Futures.await(tasks.submit(task("b"))).id()).isEqualTo("b");

        assertThat(tasks.unacknowledged()).isZero();
        await().until(() -> asked.get() == 2);
        Futures.await(tasks.close());
    }

    @Test
    void theCallersContextHearsOfIt() throws Exception {
        Tasks tasks = open(Broker.thatAcknowledges(), 10);
        Context context = vertx.getOrCreateContext();
        Promise<Context> heardOn = Promise.promise();
        context.runOnContext(
                start -> tasks.submit(task("a")).onComplete(done -> heardOn.complete(Vertx.currentContext())));
        assertThat(Futures.await(heardOn.future())).isSameAs(context);
        Futures.await(tasks.close());
    }

    @Test
    void whatCannotBeATaskIsRefusedByName() throws Exception {
        Tasks tasks = open(Broker.thatAcknowledges(), 10);
        TaskOptions expired = TaskOptions.none().notBefore(Instant.EPOCH).expiry(Instant.EPOCH);
        assertThat(failure(tasks.submit(" ", "k", 1))).hasMessage("type is empty; leave it out or give it a value");
        assertThat(failure(tasks.submit("t", "a\nb", 1))).hasMessage("key has control characters");
        assertThat(failure(tasks.submit("t", null, 1, TaskOptions.none().id(""))))
                .hasMessageStartingWith("id is empty");
        assertThat(failure(tasks.submit("t", null, 1, expired))).hasMessageStartingWith("expiry is ");
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThat(failure(tasks.submit("t", null, endless))).hasMessageContaining("payload of a task of type t");
        Futures.await(tasks.close());
    }

    @Test
    void aFullBufferRefusesAtOnceAndCountsWhatTheProducerHolds() throws Exception {
        Broker broker = Broker.thatIsSilent();
        Tasks tasks = open(broker, 2);
        Future<Receipt> first = tasks.submit(task("a"));
        Future<Receipt> second = tasks.submit(task("b"));
        // Neither is queued any more, but both are unacknowledged.
        await().until(() -> broker.history().size() == 2);

        Future<Receipt> third = tasks.submit(task("c"));
        assertThat(third.failed()).isTrue();
        assertThat(third.cause()).isInstanceOf(BufferFull.class).hasMessageContaining("2 tasks");

        broker.completeNext();
        Futures.await(first);
        Future<Receipt> again = tasks.submit(task("c"));
        await().until(() -> broker.history().size() == 3);
        broker.completeNext();
        broker.completeNext();
        Futures.await(second);
        Futures.await(again);
        assertThat(broker.ids()).containsExactly("a", "b", "c");
        Futures.await(tasks.close());
    }

    @Test
    void roomIsToldOfWhenHalfOfTheBufferIsAcknowledged() throws Exception {
        Broker broker = Broker.thatIsSilent();
        Tasks tasks = open(broker, 4);
        IntStream.range(0, 4).forEach(i -> tasks.submit(task("t" + i)));
        await().until(() -> broker.history().size() == 4);

        Future<Void> room = tasks.room();
        broker.completeNext();
        await().until(() -> tasks.unacknowledged() == 3);
        assertThat(room.isComplete()).isFalse();
        broker.completeNext();
        Futures.await(room);
        assertThat(tasks.unacknowledged()).isEqualTo(2);

        assertThat(tasks.room()).satisfies(Futures::await);
        broker.completeNext();
        broker.completeNext();
        Futures.await(tasks.close());
    }

    @Test
    void aFeederThatWaitsForRoomGetsEverythingIn() throws Exception {
        Broker broker = Broker.thatAcknowledges();
        Tasks tasks = open(broker, 3);
        for (int i = 0; i < 1_000; i++) {
            NewTask task = task("t" + i);
            while (tasks.submit(task).cause() instanceof BufferFull) {
                Futures.await(tasks.room());
            }
        }
        Futures.await(tasks.close());
        assertThat(broker.ids())
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_000).mapToObj(i -> "t" + i).toList());
    }

    @Test
    void manyThreadsNeverExceedTheBound() throws Exception {
        Broker broker = Broker.thatIsSilent();
        Tasks tasks = open(broker, 50);
        List<Thread> callers = IntStream.range(0, 4)
                .mapToObj(n -> new Thread(() -> IntStream.range(0, 100).forEach(i -> tasks.submit(task(n + "." + i)))))
                .toList();
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
        await().until(() -> broker.history().size() == 50);
        assertThat(tasks.unacknowledged()).isEqualTo(50);
        while (broker.completeNext()) {
            assertThat(tasks.unacknowledged()).isLessThan(50);
        }
        Futures.await(tasks.close());
        assertThat(broker.history()).hasSize(50);
    }

    @Test
    void aWriteThatFailsSaysWhyInOneLineAndGivesItsRoomBack() throws Exception {
        Broker broker = Broker.thatIsSilent();
        Tasks tasks = open(broker, 1);
        Future<Receipt> receipt = tasks.submit(task("a"));
        await().until(() -> broker.history().size() == 1);
        broker.errorNext(new TimeoutException("Expiring 1 record(s) for tasks-0:120000 ms\nhas passed"));

        assertThat(failure(receipt))
                .isInstanceOf(NotAcknowledged.class)
                .hasMessage("task a was not acknowledged: Expiring 1 record(s) for tasks-0:120000 ms");
        assertThat(tasks.unacknowledged()).isZero();
        Futures.await(tasks.close());
    }

    @Test
    void aTaskThatIsTooLargeIsItsOwnFault() throws Exception {
        Broker broker = Broker.thatIsSilent();
        Tasks tasks = open(broker, 1);
        Future<Receipt> receipt = tasks.submit(task("a"));
        await().until(() -> broker.history().size() == 1);
        broker.errorNext(new RecordTooLargeException("2 MB"));
        assertThat(failure(receipt))
                .isInstanceOfSatisfying(
                        NotAcknowledged.class,
                        refused -> assertThat(refused.tooLarge()).isTrue());
        Futures.await(tasks.close());
    }

    @Test
    void closeWaitsForWhatWasSubmittedAndRefusesTheRest() throws Exception {
        Broker broker = Broker.thatAcknowledges();
        Tasks tasks = open(broker, 100);
        List<Future<Receipt>> receipts = IntStream.range(0, 100)
                .mapToObj(i -> tasks.submit(task("t" + i)))
                .toList();
        Futures.await(tasks.close());
        for (Future<Receipt> receipt : receipts) {
            Futures.await(receipt);
        }
        assertThat(failure(tasks.submit(task("late"))))
                .isInstanceOf(NotAcknowledged.class)
                .hasMessageContaining("closed");
        Futures.await(tasks.close());
    }

    private Tasks open(Broker broker, int maxBuffered) {
        return Tasks.open(vertx, "tasks", maxBuffered, () -> broker);
    }

    private static NewTask task(String id) {
        return NewTask.of(id, "fetch", "example.org", "{}".getBytes(UTF_8));
    }
}
