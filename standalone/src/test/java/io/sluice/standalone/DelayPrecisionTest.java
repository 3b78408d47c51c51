package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.handler.RetryLater;
import io.sluice.handler.TaskContext;
import io.sluice.record.NewTask;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tasks that wait for their time, on timers and in the delay topics, behind one that is due in a month: none runs early, and
 * how late they run is printed. A test cannot demand that of a machine that others use.
 */
@Tag("chaos")
class DelayPrecisionTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SCHEDULED = 200;
    private static final int RETRIED = 20;
    private static final Duration RETRY = Duration.ofSeconds(11);
    /** Whatever else the machine does. */
    private static final Duration FAR_TOO_LATE = Duration.ofSeconds(9);

    private static final byte[] EMPTY = "{}".getBytes(UTF_8);

    private final Map<String, Instant> due = new ConcurrentHashMap<>();
    private final Map<String, Instant> started = new ConcurrentHashMap<>();

    @Test
    void noTaskRunsEarlyAndOneThatIsDueInAMonthDelaysNone() {
        try (TestPipeline pipeline = TestPipeline.open(
                Map.of("SLUICE_TYPES_SCHEDULED_RESULTS", "none", "SLUICE_TYPES_RETRIED_RESULTS", "none"))) {
            pipeline.consume(1, () -> List.of(new Async("scheduled", this::run), new Async("retried", this::retry)));
            // The first of them meets code that no task has warmed up yet.
            send(pipeline, List.of(NewTask.of("first", "scheduled", "a", EMPTY)));
            await().atMost(PATIENCE).until(() -> started.containsKey("first"));
            Instant now = Instant.now();
            List<NewTask> tasks = new ArrayList<>();
            for (int key = 0; key < 10; key++) {
                tasks.add(task("far-" + key, "key-" + key, now.plus(Duration.ofDays(30))));
            }
            Random random = new Random(7);
            for (int i = 0; i < SCHEDULED; i++) {
                String id = "scheduled-" + i;
                due.put(id, now.plusMillis(1_000 + random.nextInt(22_000)));
                tasks.add(task(id, "key-" + i % 10, due.get(id)));
            }
            for (int i = 0; i < RETRIED; i++) {
                tasks.add(NewTask.of("retried-" + i, "retried", "key-" + i % 10, EMPTY));
            }

            send(pipeline, tasks);

            await().atMost(PATIENCE).until(() -> started.size() == 1 + SCHEDULED + RETRIED);
            Map<String, List<Long>> late = new LinkedHashMap<>();
            due.forEach((id, then) -> {
                Instant start = started.getOrDefault(id, Instant.MIN);
                assertThat(start).as(id).isBetween(then, then.plus(FAR_TOO_LATE));
                String kind = id.startsWith("retried")
                        ? "of a retry"
                        : Duration.between(now, then).toSeconds() < 10 ? "on a timer" : "in the delay topics";
                late.computeIfAbsent(kind, added -> new ArrayList<>())
                        .add(Duration.between(then, start).toMillis());
            });
            late.forEach((kind, millis) -> {
                millis.sort(null);
                System.out.printf(
                        "delay precision: of %d waits %s, the median was %d ms late and the worst %d ms%n",
                        millis.size(), kind, millis.get(millis.size() / 2), millis.get(millis.size() - 1));
            });
            assertThat(started.keySet()).noneMatch(id -> id.startsWith("far"));
        }
    }

    private static void send(TestPipeline pipeline, List<NewTask> tasks) {
        String topic = pipeline.settings().topics().tasks();
        pipeline.send(
                tasks.stream().map(task -> task.toRecord(topic, "/test", null)).toList());
    }

    private static NewTask task(String id, String key, Instant notBefore) {
        return new NewTask(id, "scheduled", key, EMPTY, notBefore, null);
    }

    private Future<?> run(Object payload, TaskContext task) {
        started.put(task.id(), Instant.now());
        return Future.succeededFuture();
    }

    private Future<?> retry(Object payload, TaskContext task) {
        if (due.putIfAbsent(task.id(), Instant.now().plus(RETRY)) == null) {
            throw new RetryLater(RETRY, "not yet");
        }
        return run(payload, task);
    }
}
