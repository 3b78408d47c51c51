package io.sluice.standalone;

import static io.sluice.standalone.SomeTasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.consumer.engine.AttemptTimedOut;
import io.sluice.record.HeaderNames;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An attempt over its timeout is cancelled; what then becomes of the task is the type's to say. */
class TimeoutTest {
    @Test
    void anAttemptOverItsTimeoutIsCancelledAndRetried() {
        AtomicInteger cancelled = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_TYPES_ASYNC_TIMEOUT", "1s",
                "SLUICE_TYPES_ASYNC_RETRY_BACKOFF", "10ms",
                "SLUICE_TYPES_BLOCKING_TIMEOUT", "1s",
                "SLUICE_TYPES_BLOCKING_RETRY_BACKOFF", "10ms"))) {
            pipeline.consume(
                    1,
                    () -> List.of(
                            new Async(
                                    "async",
                                    (payload, task) -> task.attempt() > 1
                                            ? Future.succeededFuture("at last")
                                            : task.cancelled().map(stop -> cancelled.incrementAndGet())),
                            new Blocking("blocking", (payload, task) -> {
                                if (task.attempt() == 1) {
                                    try {
                                        Thread.sleep(60_000);
                                    } catch (InterruptedException e) {
                                        interrupted.incrementAndGet();
                                        throw e;
                                    }
                                }
                                return "at last";
                            })));

            assertThat(pipeline.run(List.of(task("async"), task("blocking"))))
                    .hasSize(2)
                    .allSatisfy(result -> {
                        assertThat(result.succeeded()).isTrue();
                        assertThat(result.value().asText()).isEqualTo("at last");
                        assertThat(result.attempts()).isGreaterThanOrEqualTo(2);
                    });
            assertThat(cancelled).hasValue(1);
            assertThat(interrupted).hasValue(1);
        }
    }

    @Test
    void withADefaultATimeoutIsASuccessWithThatValue() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_TYPES_GUESS_TIMEOUT", "200ms", "SLUICE_TYPES_GUESS_ON_TIMEOUT_DEFAULT", "{\"guess\":42}"))) {
            pipeline.consume(
                    1,
                    () -> List.of(new Async(
                            "guess", (payload, task) -> task.cancelled().map("too late"))));

            assertThat(pipeline.run(List.of(task("guess")))).singleElement().satisfies(result -> {
                assertThat(result.succeeded()).isTrue();
                assertThat(result.value().toString()).isEqualTo("{\"guess\":42}");
                assertThat(result.attempts()).isEqualTo(1);
            });
            assertThat(pipeline.read(pipeline.settings().topics().deadLetters()))
                    .isEmpty();
        }
    }

    @Test
    void aTaskThatTimesOutEveryTimeIsADeadLetterThatSaysSo() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_TYPES_SLOW_TIMEOUT", "100ms",
                "SLUICE_TYPES_SLOW_RETRY_BACKOFF", "10ms",
                "SLUICE_TYPES_SLOW_RETRY_MAX_ATTEMPTS", "2"))) {
            pipeline.consume(
                    1,
                    () -> List.of(new Async(
                            "slow", (payload, task) -> task.cancelled().map("too late"))));

            assertThat(pipeline.run(List.of(task("slow")))).singleElement().satisfies(result -> {
                assertThat(result.succeeded()).isFalse();
                assertThat(result.attempts()).isEqualTo(2);
                assertThat(result.value().path("message").asText()).contains("timeout of 100 ms");
            });
            assertThat(pipeline.read(pipeline.settings().topics().deadLetters()))
                    .singleElement()
                    .satisfies(letter -> {
                        assertThat(HeaderNames.text(letter.headers(), HeaderNames.REASON))
                                .isEqualTo("exhausted");
                        assertThat(HeaderNames.text(letter.headers(), "kafka_dlt-exception-fqcn"))
                                .isEqualTo(AttemptTimedOut.class.getName());
                    });
        }
    }
}
