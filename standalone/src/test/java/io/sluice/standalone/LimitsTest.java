package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.consumer.command.LocalPipeline;
import io.sluice.handler.Handles;
import io.sluice.handler.TaskContext;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No limit is ever exceeded (P3), as those inside the handlers count it, over all consumers. */
class LimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Gauge perConsumer = new Gauge();
    private final Gauge perType = new Gauge();
    private final Gauge perKey = new Gauge();
    private final AtomicInteger consumers = new AtomicInteger();
    private final AtomicInteger fed = new AtomicInteger();
    private volatile boolean handoverIsOver;
    private final Set<String> ran = ConcurrentHashMap.newKeySet();

    @Test
    void threeConsumersKeepTheLimitsOfConsumerTypeAndKey() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_CONSUMER_MAX_IN_FLIGHT", "8",
                "SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY", "4",
                "SLUICE_TYPES_NARROW_MAX_IN_FLIGHT", "3"))) {
            pipeline.consume(3, this::handlers);
            List<NewTask> tasks = Stream.concat(
                            SomeTasks.tasks("narrow", 150, 9).stream(), SomeTasks.tasks("wide", 300, 9).stream())
                    .toList();

            List<TaskResult> results = pipeline.run(tasks);

            assertThat(results).hasSize(450).allMatch(TaskResult::succeeded);
            assertThat(perConsumer.most())
                    .hasSize(3)
                    .allSatisfy((name, most) -> assertThat(most).isBetween(2, 8));
            assertThat(only("narrow", perType.most()))
                    .hasSize(3)
                    .allSatisfy((name, most) -> assertThat(most).isLessThanOrEqualTo(3));
            assertThat(perKey.most())
                    .hasSize(9)
                    .allSatisfy((key, most) -> assertThat(most).isBetween(2, 4));
        }
    }

    @Test
    void theLimitOfAKeyHoldsWhileConsumersJoinAndLeave() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY", "2"))) {
            LocalPipeline first = pipeline.consume(1, this::handlers);
            Future<Integer> one = feed(pipeline, "one");
            Future<Integer> other = feed(pipeline, "other");

            awaitMore();
            pipeline.consume(1, this::handlers);
            awaitMore();
            pipeline.stop(first);
            awaitMore();
            handoverIsOver = true;

            assertThat(pipeline.result(one) + pipeline.result(other)).isEqualTo(ran.size());
            assertThat(perKey.most())
                    .hasSize(12)
                    .allSatisfy((key, most) -> assertThat(most).isBetween(1, 2));
        }
    }

    /** Submits one batch after the other, so that there is work all through the handover; completes with how much. */
    private Future<Integer> feed(TestPipeline pipeline, String name) {
        List<NewTask> batch = SomeTasks.tasks("wide", 240, 12).stream()
                .map(task -> NewTask.of(name + fed.incrementAndGet(), task.type(), task.key(), task.payload()))
                .toList();
        return pipeline.submit(batch)
                .compose(results -> handoverIsOver
                        ? Future.succeededFuture(results.size())
                        : feed(pipeline, name).map(more -> more + results.size()));
    }

    private void awaitMore() {
        int enough = ran.size() + 100;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> ran.size() >= enough);
    }

    /** One consumer's own. */
    private List<Handles<?, ?>> handlers() {
        String consumer = "consumer-" + consumers.incrementAndGet();
        return List.of(
                new Async("narrow", (payload, task) -> work(consumer, task)),
                new Async("wide", (payload, task) -> work(consumer, task)));
    }

    private Future<?> work(String consumer, TaskContext task) {
        perConsumer.enter(consumer);
        perType.enter(task.type() + " of " + consumer);
        perKey.enter(String.valueOf(task.key()));
        return Vertx.currentContext()
                .owner()
                .timer(10 + Math.floorMod(task.id().hashCode(), 10))
                .map(done -> {
                    perKey.leave(String.valueOf(task.key()));
                    perType.leave(task.type() + " of " + consumer);
                    perConsumer.leave(consumer);
                    return ran.add(task.id());
                });
    }

    private static Map<String, Integer> only(String type, Map<String, Integer> most) {
        return most.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(type))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
