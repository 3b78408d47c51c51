package io.sluice.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.settings.Settings;
import io.sluice.settings.ThreadKind;
import io.sluice.settings.TypeSettings;
import io.sluice.settings.WorkerPool;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoBlockedEventLoops.class)
class WorkersTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Tests.close(vertx);
    }

    private static TypeSettings settings(ThreadKind kind, int size) {
        TypeSettings defaults = Settings.defaults().type("work");
        return new TypeSettings(
                defaults.timeout(),
                defaults.maxInFlight(),
                defaults.answers(),
                defaults.retry(),
                new WorkerPool(kind, size),
                defaults.options());
    }

    private static Promise<String> meet(Workers workers, CyclicBarrier barrier) {
        Promise<String> met = Promise.promise();
        workers.executor().execute(() -> {
            try {
                barrier.await(30, TimeUnit.SECONDS);
                met.complete(Thread.currentThread().getName());
            } catch (Exception e) {
                met.fail(e);
            }
        });
        return met;
    }

    @Test
    void callsOfOneContextRunSideBySide() {
        Workers workers = Workers.open(vertx, "sluice-1-work", settings(ThreadKind.PLATFORM, 3));
        CyclicBarrier barrier = new CyclicBarrier(3);
        Promise<String> first = Promise.promise();
        Promise<String> second = Promise.promise();
        Promise<String> third = Promise.promise();
        vertx.getOrCreateContext().runOnContext(ignored -> {
            meet(workers, barrier).future().onComplete(first);
            meet(workers, barrier).future().onComplete(second);
            meet(workers, barrier).future().onComplete(third);
        });

        assertThat(Tests.value(first.future())).startsWith("sluice-1-work");
        Tests.value(second.future());
        Tests.value(third.future());
        workers.closing().run();
    }

    /** Vert.x shares pools by name: one consumer's calls must not wait for another's. */
    @Test
    void consumersShareNoThreads() {
        Workers one = Workers.open(vertx, "sluice-1-work", settings(ThreadKind.PLATFORM, 1));
        Workers two = Workers.open(vertx, "sluice-2-work", settings(ThreadKind.PLATFORM, 1));
        CyclicBarrier barrier = new CyclicBarrier(2);

        Promise<String> first = meet(one, barrier);
        Promise<String> second = meet(two, barrier);

        assertThat(Tests.value(first.future())).startsWith("sluice-1-work");
        assertThat(Tests.value(second.future())).startsWith("sluice-2-work");
        one.closing().run();
        two.closing().run();
    }

    @Test
    void closingLeavesNoThread() {
        Workers workers = Workers.open(vertx, "sluice-closing-work", settings(ThreadKind.PLATFORM, 2));
        Tests.value(meet(workers, new CyclicBarrier(1)).future());
        assertThat(Tests.threads("sluice-closing")).isPositive();

        workers.closing().run();

        Tests.await().until(() -> Tests.threads("sluice-closing") == 0);
    }

    @Test
    void aClosedPoolRefusesCallsAtOnce() {
        Workers workers = Workers.open(vertx, "sluice-1-work", settings(ThreadKind.PLATFORM, 1));
        workers.closing().run();

        assertThatThrownBy(() -> workers.executor().execute(() -> {})).isInstanceOf(RuntimeException.class);
    }

    @Test
    void virtualThreadsCarryTheNameTooWhereJavaHasThem() {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need Java 21 or newer");
        Workers workers = Workers.open(vertx, "sluice-1-work", settings(ThreadKind.VIRTUAL, 1));
        CyclicBarrier barrier = new CyclicBarrier(2);

        Promise<String> first = meet(workers, barrier);
        Promise<String> second = meet(workers, barrier);

        assertThat(Tests.value(first.future())).startsWith("sluice-1-work");
        Tests.value(second.future());
        workers.closing().run();
    }
}
