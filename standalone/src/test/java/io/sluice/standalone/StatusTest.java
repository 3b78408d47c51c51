package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.Waiting;
import io.sluice.consumer.ConsumerVerticle;
import io.sluice.consumer.engine.ConsumerStatus;
import io.sluice.consumer.engine.Stall;
import io.sluice.consumer.engine.TaskState;
import io.sluice.record.NewTask;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a consumer says of itself. */
class StatusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void itNamesTheTaskThatHoldsBackACommitAndWhatItHas() {
        Promise<String> held = Promise.promise();
        Vertx vertx = Vertx.vertx();
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            ConsumerVerticle consumer = new ConsumerVerticle(
                    pipeline.settings(), List.of(new Async("hang", (payload, task) -> held.future())));
            Waiting.on(vertx.deployVerticle(consumer));
            pipeline.send(List.of(NewTask.of("one", "hang", "key", "{}".getBytes(UTF_8))
                    .toRecord(pipeline.settings().topic(), "/test", null)));

            List<Stall> stalls =
                    await().atMost(PATIENCE).until(() -> Waiting.on(consumer.stalled()), some -> !some.isEmpty());

            assertThat(stalls).singleElement().satisfies(stall -> {
                assertThat(stall.task()).isEqualTo(new Stall.Who("one", "hang", "key"));
                assertThat(stall.state()).isEqualTo(TaskState.RUNNING);
            });
            assertThat(Waiting.on(consumer.status()).polling())
                    .isEqualTo(new ConsumerStatus.Polling(TestPipeline.PARTITIONS, 0, 0, 0, 0));
            held.complete("done");
            await().atMost(PATIENCE).until(() -> Waiting.on(consumer.stalled()).isEmpty());
        } finally {
            Waiting.on(vertx.close());
        }
    }
}
