package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockingCallTest {
    private static final long PATIENCE_SECONDS = 30;

    private final VirtualLoop loop = new VirtualLoop();
    private final List<String> events = new ArrayList<>();
    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    @AfterEach
    void close() throws InterruptedException {
        pool.shutdownNow();
        assertThat(pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private BlockingCall<String> call(java.util.concurrent.Callable<String> code) {
        BlockingCall<String> call =
                new BlockingCall<>(code, loop::execute, () -> events.add("start"), ended -> events.add("end"));
        call.future().onComplete(done -> events.add(done.succeeded() ? done.result() : "failed"));
        return call;
    }

    @Test
    void itStartsRunsAndEndsOnTheLoopBeforeItsFutureCompletes() {
        BlockingCall<String> call = call(() -> "result");

        call.run();
        assertThat(events).containsExactly("start");
        loop.runAll();

        assertThat(events).containsExactly("start", "end", "result");
    }

    @Test
    void aCallCancelledBeforeItsTurnNeverRuns() {
        BlockingCall<String> call = call(() -> {
            throw new AssertionError("it ran");
        });

        call.cancel();
        loop.runAll();
        call.run();
        loop.runAll();

        assertThat(events).containsExactly("end", "failed");
        assertThat(call.future().cause()).isInstanceOf(CancellationException.class);
    }

    @Test
    void cancellingInterruptsTheCodeWhileItRuns() throws ExecutionException, InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        BlockingCall<String> call = call(() -> {
            running.countDown();
            new CountDownLatch(1).await();
            return "never";
        });
        Future<?> worker = pool.submit(call);
        running.await();

        call.cancel();
        worker.get();
        loop.runAll();

        assertThat(call.future().cause()).isInstanceOf(InterruptedException.class);
        assertThat(pool.submit(() -> Thread.currentThread().isInterrupted()).get())
                .as("the thread goes back clean")
                .isFalse();
    }

    @Test
    void codeThatIgnoresItsInterruptLeavesNoneBehind() throws ExecutionException, InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        BlockingCall<String> call = call(() -> {
            running.countDown();
            boolean waiting = true;
            while (waiting) {
                waiting = cancelled.getCount() > 0;
            }
            return "on regardless";
        });
        Future<?> worker = pool.submit(call);
        running.await();

        call.cancel();
        cancelled.countDown();
        worker.get();
        loop.runAll();

        assertThat(call.future().result()).isEqualTo("on regardless");
        assertThat(pool.submit(() -> Thread.currentThread().isInterrupted()).get())
                .isFalse();
    }

    @Test
    void cancellingAfterTheEndInterruptsNobody() throws ExecutionException, InterruptedException {
        BlockingCall<String> call = call(() -> "result");
        pool.submit(call).get();
        loop.runAll();

        call.cancel();
        loop.runAll();

        assertThat(events).containsExactly("start", "end", "result");
        assertThat(pool.submit(() -> Thread.currentThread().isInterrupted()).get())
                .isFalse();
    }

    /** Cancels at every moment of a call's life, and looks whether the pool's next job is ever hit. */
    @Test
    void noInterruptEverHitsTheNextJobOfTheThread() throws ExecutionException, InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            BlockingCall<String> call = call(() -> "quick");
            Future<?> worker = pool.submit(call);
            Future<Boolean> next = pool.submit(() -> {
                boolean hit = Thread.currentThread().isInterrupted();
                for (int spin = 0; spin < 100; spin++) {
                    hit |= Thread.currentThread().isInterrupted();
                }
                return hit;
            });
            for (int spin = 0; spin < i % 97; spin++) {
                Thread.onSpinWait();
            }
            call.cancel();
            worker.get();
            assertThat(next.get()).as("round %d", i).isFalse();
            loop.runAll();
            assertThat(call.future().isComplete()).isTrue();
        }
    }
}
