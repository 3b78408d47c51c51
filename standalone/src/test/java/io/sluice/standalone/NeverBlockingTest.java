package io.sluice.standalone;

import static io.sluice.standalone.SomeTasks.task;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.record.TaskResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Whatever kind of code blocks, it is no event loop that it blocks; {@link EventLoopsAreNeverBlocked} watches. */
class NeverBlockingTest {
    /** Longer than an event loop may be busy before it is reported. */
    private static final long BLOCKED_MILLIS = 1_500;

    @Test
    void blockingCodeOfEveryKindBlocksNoEventLoop() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.consume(
                    1,
                    () -> List.of(
                            new Blocking("blocking", (payload, task) -> block()),
                            new Async("called", (payload, task) -> task.blocking(NeverBlockingTest::block)),
                            new Async(
                                    "chained",
                                    (payload, task) -> task.blocking(() -> "first")
                                            .compose(first -> task.blocking(NeverBlockingTest::block)))));

            List<TaskResult> results = pipeline.run(List.of(task("blocking"), task("called"), task("chained")));

            assertThat(results)
                    .allMatch(TaskResult::succeeded)
                    .extracting(result -> result.value().asText())
                    .hasSize(3)
                    .allMatch(thread -> thread.contains("sluice-"));
        }
    }

    @Test
    void blockingCallsOfOneTypeRunBesideEachOther() {
        CountDownLatch together = new CountDownLatch(4);
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.consume(
                    1,
                    () -> List.of(new Blocking("meet", (payload, task) -> {
                        together.countDown();
                        return together.await(20, SECONDS);
                    })));

            assertThat(pipeline.run(SomeTasks.tasks("meet", 4, 1)))
                    .hasSize(4)
                    .allMatch(result -> result.value().booleanValue());
        }
    }

    @Test
    void blockingCodeOfAVirtualTypeRunsOnVirtualThreads() {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need Java 21");
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_TYPES_LIGHT_THREADS", "virtual"))) {
            pipeline.consume(
                    1,
                    () -> List.of(new Blocking("light", (payload, task) -> {
                        block();
                        return Thread.currentThread().toString();
                    })));

            assertThat(pipeline.run(List.of(task("light"))))
                    .singleElement()
                    .satisfies(result -> assertThat(result.value().asText()).startsWith("VirtualThread["));
        }
    }

    @Test
    void anEventLoopThatIsBlockedAllTheSameIsReported() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.consume(1, () -> List.of(new Async("rude", (payload, task) -> Future.succeededFuture(busy()))));

            assertThat(pipeline.run(List.of(task("rude")))).hasSize(1);

            await().atMost(60, SECONDS)
                    .untilAsserted(() -> assertThat(EventLoopsAreNeverBlocked.reports())
                            .anyMatch(report -> report.contains("vert.x-eventloop-thread")));
        }
        EventLoopsAreNeverBlocked.reports();
    }

    private static String block() throws InterruptedException {
        assertThat(Context.isOnEventLoopThread()).isFalse();
        Thread.sleep(BLOCKED_MILLIS);
        return Thread.currentThread().getName();
    }

    private static boolean busy() {
        long end = System.nanoTime() + BLOCKED_MILLIS * 1_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return Context.isOnEventLoopThread();
    }
}
