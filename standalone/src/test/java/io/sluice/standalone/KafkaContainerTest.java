package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.record.TaskResult;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The pipeline on the Kafka that everybody else runs: the official image, with its own settings. */
class KafkaContainerTest {
    private static final String IMAGE = "apache/kafka:4.4.0";

    @Test
    void theOfficialImageCarriesThePipelineToo() {
        assumeTrue(canRunTheImage(), "no container engine with " + IMAGE + " answers; 'docker pull' gets the image");
        try (KafkaContainer kafka = new KafkaContainer(IMAGE)) {
            kafka.start();
            try (TestPipeline pipeline =
                    TestPipeline.open(kafka.getBootstrapServers(), Map.of("SLUICE_TYPES_JOB_RETRY_BACKOFF", "10ms"))) {
                pipeline.consume(
                        2,
                        () -> List.of(new Async(
                                "job",
                                (payload, task) ->
                                        task.attempt() == 1 && payload.path("n").asInt() % 10 == 0
                                                ? Future.failedFuture("not yet")
                                                : Future.succeededFuture(payload))));

                assertThat(pipeline.run(SomeTasks.tasks("job", 100, 10)))
                        .hasSize(100)
                        .allMatch(TaskResult::succeeded);
            }
        }
    }

    /** Asked for with a bound: with an engine but no network, the asking tries for minutes to get helper images. */
    private static boolean canRunTheImage() {
        return CompletableFuture.supplyAsync(() -> {
                    DockerClientFactory engine = DockerClientFactory.instance();
                    return engine.isDockerAvailable()
                            && engine.client().inspectImageCmd(IMAGE).exec() != null;
                })
                .completeOnTimeout(false, 30, TimeUnit.SECONDS)
                .exceptionally(absent -> false)
                .join();
    }
}
