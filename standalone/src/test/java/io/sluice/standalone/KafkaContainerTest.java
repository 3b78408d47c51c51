package io.sluice.standalone;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The most telling end-to-end tests once more, on the Kafka that everybody else runs: the official image. */
@Tag("containers")
class KafkaContainerTest {
    private static final String IMAGE = "apache/kafka:4.4.0";

    /** As in docker-compose.yml: those who join a group, which most tests wait for, are heard of within a second. */
    private static KafkaContainer kafka = new KafkaContainer(IMAGE)
            .withEnv("KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS", "500")
            .withEnv("KAFKA_GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS", "1000")
            .withEnv("KAFKA_GROUP_CONSUMER_ASSIGNMENT_INTERVAL_MS", "0");

    @BeforeAll
    static void start() {
        assumeTrue(canRunTheImage(), "no container engine with " + IMAGE + " answers; 'docker pull' gets the image");
        kafka.start();
        System.setProperty(TestPipeline.BROKER, kafka.getBootstrapServers());
    }

    @AfterAll
    static void stop() {
        System.clearProperty(TestPipeline.BROKER);
        kafka.stop();
    }

    @Nested
    class Answers extends AnswersTest {}

    @Nested
    class Delivery extends DeliveryTest {}

    @Nested
    class Drain extends DrainTest {}

    @Nested
    class HandoverUnderLoad extends HandoverUnderLoadTest {}

    @Nested
    class Limits extends LimitsTest {}

    @Nested
    class Moves extends MovesTest {}

    @Nested
    class Offsets extends OffsetsTest {}

    @Nested
    class Retry extends RetryTest {}

    @Nested
    class Timeouts extends TimeoutTest {}

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
