package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.consumer.command.LocalPipeline;
import io.vertx.core.Promise;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A partition whose window is full is paused, while the client has fetched more of it. */
class PausedPartitionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MEASURED = Duration.ofSeconds(2);

    /** More than the window and one fetch of the client's. */
    private static final int TASKS = 4_000;

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void waitingForRoomCostsNoCpu(String protocol) {
        Promise<String> gate = Promise.promise();
        try (TestPipeline pipeline = TestPipeline.open(
                Map.of("SLUICE_CONSUMER_GROUP_PROTOCOL", protocol, "SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY", "1"))) {
            pipeline.send(SomeTasks.tasks("held", TASKS, 1).stream()
                    .map(task -> task.toRecord(pipeline.settings().topic(), "/test", null))
                    .toList());
            LocalPipeline consumer =
                    pipeline.consume(1, () -> List.of(new Async("held", (payload, task) -> gate.future())));
            await().atMost(PATIENCE)
                    .until(() -> consumer.status().stream().anyMatch(status -> status.waiting() >= 900));

            long before = pollCpuNanos();
            long end = System.nanoTime() + MEASURED.toNanos();
            await().atMost(PATIENCE).until(() -> System.nanoTime() - end >= 0);
            long used = pollCpuNanos() - before;

            System.out.println("paused partition, " + protocol + ": the poll thread used " + used / 1_000_000
                    + " ms of " + MEASURED.toMillis());
            assertThat(Duration.ofNanos(used)).isLessThan(MEASURED.dividedBy(4));
            gate.complete("done");
        }
    }

    private static long pollCpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().matches("sluice-[0-9a-f]+-poll"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                .sum();
    }
}
