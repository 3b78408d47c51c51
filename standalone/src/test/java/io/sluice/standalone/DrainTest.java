package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.consumer.command.LocalPipeline;
import io.sluice.consumer.engine.ConsumerStatus;
import io.sluice.consumer.engine.DrainAccount;
import io.sluice.record.NewTask;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A consumer that stops says what became of the tasks it found (P7): of seven of one key, of which two may run. */
class DrainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<NewTask> SEVEN = SomeTasks.tasks("gated", 7, 1);

    @Test
    void whatRunsMayFinishAndTheRestIsLeft() {
        Promise<String> gate = Promise.promise();
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY", "2"))) {
            LocalPipeline consumer =
                    pipeline.consume(1, () -> List.of(new Async("gated", (payload, task) -> gate.future())));
            var unused = pipeline.submit(SEVEN);
            awaitTwoRunning(consumer);

            CompletableFuture<DrainAccount> account = CompletableFuture.supplyAsync(consumer::drain);
            await().atMost(PATIENCE).until(() -> status(consumer).waiting() == 0);
            gate.complete("done");

            assertThat(account.join()).isEqualTo(new DrainAccount(2, 0, 0, 5));
        }
    }

    @Test
    void whatRunsForTooLongIsCancelledAndRunByTheNext() {
        try (TestPipeline pipeline = TestPipeline.open(
                Map.of("SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY", "2", "SLUICE_CONSUMER_DRAIN_TIMEOUT", "100ms"))) {
            LocalPipeline consumer = pipeline.consume(
                    1,
                    () -> List.of(new Async(
                            "gated",
                            (payload, task) -> task.cancelled().compose(stop -> Future.failedFuture("interrupted")))));
            Future<?> results = pipeline.submit(SEVEN);
            awaitTwoRunning(consumer);

            assertThat(pipeline.stop(consumer)).isEqualTo(new DrainAccount(0, 2, 0, 5));

            pipeline.consume(
                    1, () -> List.of(new Async("gated", (payload, task) -> Future.succeededFuture(task.attempt()))));
            pipeline.result(results);
        }
    }

    @Test
    void whatIgnoresItsCancellationIsStuckAndDoesNotKeepTheConsumerFromStopping() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY", "2",
                "SLUICE_CONSUMER_DRAIN_TIMEOUT", "100ms",
                "SLUICE_CONSUMER_STOP_GRACE", "100ms"))) {
            LocalPipeline consumer = pipeline.consume(
                    1,
                    () -> List.of(new Blocking("gated", (payload, task) -> {
                        while (gate.getCount() > 0) {
                            try {
                                gate.await();
                            } catch (InterruptedException ignored) {
                                // As code does that believes in itself.
                            }
                        }
                        return null;
                    })));
            var unused = pipeline.submit(SEVEN);
            awaitTwoRunning(consumer);

            try {
                assertThat(pipeline.stop(consumer)).isEqualTo(new DrainAccount(0, 0, 2, 5));
            } finally {
                gate.countDown();
            }
        }
    }

    private static void awaitTwoRunning(LocalPipeline consumer) {
        await().atMost(PATIENCE)
                .until(() ->
                        status(consumer).inFlight() == 2 && status(consumer).waiting() == 5);
    }

    private static ConsumerStatus status(LocalPipeline consumer) {
        return consumer.status().get(0);
    }
}
