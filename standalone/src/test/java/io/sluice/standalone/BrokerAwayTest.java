package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.record.HeaderNames;
import io.sluice.record.NewTask;
import io.sluice.standalone.broker.EmbeddedBroker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker is away for some time, while tasks run and while there are none: nothing is lost, everything resumes by itself,
 * and no event loop is blocked (P8, {@link EventLoopsAreNeverBlocked} watches).
 */
class BrokerAwayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int CAP = 4;

    private final Set<String> ran = ConcurrentHashMap.newKeySet();
    private final AtomicInteger runs = new AtomicInteger();
    private final Gauge perKey = new Gauge();

    @Test
    void aBrokerThatIsAwayForSecondsIsWaitedFor(@TempDir Path folder) throws Exception {
        isWaitedFor(folder, Duration.ofSeconds(6));
    }

    @Test
    @Tag("chaos")
    void aBrokerThatIsAwayForAMinuteIsWaitedFor(@TempDir Path folder) throws Exception {
        isWaitedFor(folder, Duration.ofSeconds(60));
    }

    private void isWaitedFor(Path folder, Duration away) throws Exception {
        int port = CommandProcess.freePort();
        EmbeddedBroker broker = EmbeddedBroker.at(folder, port);
        try (TestPipeline pipeline = TestPipeline.open(
                broker.bootstrapServers(), Map.of("SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY", String.valueOf(CAP)))) {
            pipeline.consume(
                    2,
                    () -> List.of(new Async("work", (payload, task) -> work(task.id(), String.valueOf(task.key())))));

            send(pipeline, "busy", 600);
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> ran.size() >= 100);
            broker = replaced(broker, away, folder, port);
            awaitAll(pipeline, 600);

            broker = replaced(broker, away, folder, port);
            send(pipeline, "idle", 100);
            awaitAll(pipeline, 700);

            System.out.println("broker away for " + away.toSeconds() + " s, twice: 700 tasks, " + runs + " runs");
            assertThat(ran).hasSize(700);
            assertThat(perKey.most())
                    .hasSize(10)
                    .allSatisfy((key, most) -> assertThat(most).isLessThanOrEqualTo(CAP));
        } finally {
            broker.close();
        }
    }

    private static EmbeddedBroker replaced(EmbeddedBroker broker, Duration away, Path folder, int port) {
        broker.close();
        long end = System.nanoTime() + away.toNanos();
        await().atMost(away.plus(PATIENCE)).until(() -> System.nanoTime() - end >= 0);
        return EmbeddedBroker.at(folder, port);
    }

    private static void send(TestPipeline pipeline, String name, int count) {
        pipeline.send(SomeTasks.tasks("work", count, 10).stream()
                .map(task -> NewTask.of(name + task.id(), task.type(), task.key(), task.payload())
                        .toRecord(pipeline.settings().topic(), "/test", null))
                .toList());
    }

    /** Returns when so many tasks have results and nothing is left to be committed. */
    private static void awaitAll(TestPipeline pipeline, int tasks) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            assertThat(GroupLag.of(pipeline.settings())).isEmpty();
            assertThat(pipeline.read(pipeline.settings().topics().results()).stream()
                            .map(result -> HeaderNames.text(result.headers(), HeaderNames.SUBJECT))
                            .distinct()
                            .count())
                    .as("tasks that have a result")
                    .isEqualTo(tasks);
        });
    }

    private Future<String> work(String id, String key) {
        perKey.enter(key);
        runs.incrementAndGet();
        return Vertx.currentContext().owner().timer(20).map(done -> {
            perKey.leave(key);
            ran.add(id);
            return id;
        });
    }
}
