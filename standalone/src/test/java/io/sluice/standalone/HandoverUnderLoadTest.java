package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.consumer.command.LocalPipeline;
import io.sluice.consumer.engine.DrainAccount;
import io.sluice.handler.Handles;
import io.sluice.handler.TaskContext;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumers join and leave under load, with either group protocol: no cap is exceeded and nothing runs twice. */
class HandoverUnderLoadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CAP = 2;
    private static final int KEYS = 12;

    private final Gauge perKey = new Gauge();
    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final AtomicInteger fed = new AtomicInteger();
    private volatile boolean over;

    /** What the handlers of one group of consumers have counted. */
    private final class Count {
        final AtomicInteger started = new AtomicInteger();
        final AtomicInteger ended = new AtomicInteger();

        List<Handles<?, ?>> handlers() {
            return List.of(new Async("work", (payload, task) -> work(task)));
        }

        private Future<?> work(TaskContext task) {
            String key = String.valueOf(task.key());
            started.incrementAndGet();
            runs.merge(task.id(), 1, Integer::sum);
            perKey.enter(key);
            return Vertx.currentContext()
                    .owner()
                    .timer(5 + Math.floorMod(task.id().hashCode(), 20))
                    .map(done -> {
                        perKey.leave(key);
                        return ended.incrementAndGet();
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void joiningAndLeavingExceedsNoCapAndRepeatsNothing(String protocol) {
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_CONSUMER_GROUP_PROTOCOL",
                protocol,
                "SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY",
                String.valueOf(CAP)))) {
            Count first = new Count();
            LocalPipeline leaving = pipeline.consume(1, first::handlers);
            Future<List<TaskResult>> one = feed(pipeline);
            Future<List<TaskResult>> other = feed(pipeline);

            awaitMore();
            Count second = new Count();
            pipeline.consume(1, second::handlers);
            awaitMore();
            Count third = new Count();
            LocalPipeline two = pipeline.consume(2, third::handlers);
            awaitMore();
            leave(pipeline, leaving, first);
            awaitMore();
            leave(pipeline, two, third);
            awaitMore();
            over = true;

            List<TaskResult> results = new ArrayList<>(pipeline.result(one));
            results.addAll(pipeline.result(other));
            assertThat(runs.entrySet()).filteredOn(run -> run.getValue() > 1).isEmpty();
            assertThat(results).filteredOn(result -> !result.succeeded()).isEmpty();
            assertThat(results).extracting(TaskResult::taskId).containsExactlyInAnyOrderElementsOf(runs.keySet());
            assertThat(perKey.most())
                    .hasSize(KEYS)
                    .allSatisfy((key, most) -> assertThat(most).isBetween(1, CAP));
            assertThat(List.of(first, second, third))
                    .allSatisfy(count -> assertThat(count.started.get())
                            .isEqualTo(count.ended.get())
                            .isPositive());
        }
    }

    /** What ran when it began to stop has ended when it has stopped, and the account says how much that was. */
    private static void leave(TestPipeline pipeline, LocalPipeline leaving, Count count) {
        int before = count.ended.get();
        DrainAccount account = pipeline.stop(leaving);
        assertThat(count.started.get()).isEqualTo(count.ended.get());
        assertThat(account.finished()).isBetween(0, count.ended.get() - before);
        assertThat(account.cancelled() + account.stuck()).isZero();
    }

    /** Submits one batch after the other, so that there is always work; completes with all results. */
    private Future<List<TaskResult>> feed(TestPipeline pipeline) {
        List<NewTask> batch = SomeTasks.tasks("work", 240, KEYS).stream()
                .map(task -> NewTask.of("task-" + fed.incrementAndGet(), task.type(), task.key(), task.payload()))
                .toList();
        return pipeline.submit(batch)
                .compose(results -> over
                        ? Future.succeededFuture(results)
                        : feed(pipeline)
                                .map(more -> Stream.concat(results.stream(), more.stream())
                                        .toList()));
    }

    private void awaitMore() {
        int enough = runs.size() + 100;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> runs.size() >= enough);
    }
}
