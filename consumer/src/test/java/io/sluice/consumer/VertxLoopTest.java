package io.sluice.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.consumer.engine.Loop;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoBlockedEventLoops.class)
class VertxLoopTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final VertxLoop loop = new VertxLoop(vertx, context);

    @AfterEach
    void close() {
        Tests.close(vertx);
    }

    @Test
    void whatIsHandedOverRunsOnTheEventLoopInOrder() {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        Promise<Boolean> onLoop = Promise.promise();
        for (int i = 0; i < 100; i++) {
            int number = i;
            loop.execute(() -> order.add(number));
        }
        loop.execute(() -> onLoop.complete(Context.isOnEventLoopThread() && Vertx.currentContext() == context));

        assertThat(Tests.value(onLoop.future())).isTrue();
        assertThat(order).hasSize(100).isSorted();
    }

    @Test
    void onTheLoopItRunsAtOnce() {
        Promise<List<String>> order = Promise.promise();
        loop.execute(() -> {
            List<String> seen = new ArrayList<>();
            loop.run(() -> seen.add("inside"));
            seen.add("after");
            order.complete(seen);
        });

        assertThat(Tests.value(order.future())).containsExactly("inside", "after");
    }

    @Test
    void fromAnotherThreadItRunsOnTheLoop() {
        Promise<Thread> ran = Promise.promise();
        loop.run(() -> ran.complete(Thread.currentThread()));

        assertThat(Tests.value(ran.future()).getName()).contains("eventloop");
    }

    /** Vert.x gives a worker thread the context of whoever sent it work; it is not the loop all the same. */
    @Test
    void fromAWorkerThreadOfTheSameContextItRunsOnTheLoop() {
        Promise<Thread> ran = Promise.promise();
        loop.execute(() -> context.executeBlocking(
                        () -> {
                            loop.run(() -> ran.complete(Thread.currentThread()));
                            return "done";
                        },
                        false)
                .onFailure(ran::fail));

        assertThat(Tests.value(ran.future()).getName()).contains("eventloop");
    }

    @Test
    void aTimerFiresOnTheLoopAndNeverEarly() {
        Promise<Long> fired = Promise.promise();
        Promise<Boolean> onLoop = Promise.promise();
        Duration delay = Duration.ofMillis(20).plusNanos(1);
        loop.execute(() -> {
            long begun = loop.nanoTime();
            loop.after(delay, () -> {
                onLoop.complete(Context.isOnEventLoopThread());
                fired.complete(loop.nanoTime() - begun);
            });
        });

        assertThat(Tests.value(fired.future())).isGreaterThanOrEqualTo(delay.toNanos());
        assertThat(Tests.value(onLoop.future())).isTrue();
    }

    @Test
    void aTimerWithoutADelayFiresSoon() {
        Promise<String> fired = Promise.promise();
        loop.execute(() -> loop.after(Duration.ZERO, () -> fired.complete("fired")));

        assertThat(Tests.value(fired.future())).isEqualTo("fired");
    }

    @Test
    void aCancelledTimerDoesNotFire() {
        AtomicInteger fired = new AtomicInteger();
        Promise<String> later = Promise.promise();
        loop.execute(() -> {
            Loop.Timer timer = loop.after(Duration.ofMillis(5), fired::incrementAndGet);
            timer.cancel();
            loop.after(Duration.ofMillis(30), () -> later.complete("later"));
        });

        assertThat(Tests.value(later.future())).isEqualTo("later");
        assertThat(fired).hasValue(0);
    }
}
