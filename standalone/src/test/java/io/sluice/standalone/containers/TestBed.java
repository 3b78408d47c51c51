package io.sluice.standalone.containers;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;

/** The Kafka that everybody runs, and beside it consumers of this working copy's image, locked up as tightly as they go. Blocks. */
final class TestBed implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int GRACE_SECONDS = 40;

    private final Network network = Network.newNetwork();
    private final KafkaContainer kafka = new KafkaContainer("apache/kafka:4.4.0");
    private final List<GenericContainer<?>> consumers = new ArrayList<>();
    private final Path handlers;

    private TestBed(Path handlers) {
        this.handlers = handlers;
    }

    /**
     * Skips the test where there is no engine.
     *
     * @param folder for the jar of handlers that consumers mount
     */
    static TestBed start(Path folder) throws Exception {
        Images.build();
        TestBed bed = new TestBed(Files.createDirectory(folder.resolve("handlers")));
        HandlerJar.in(bed.handlers);
        // A port of its own choice would be another one after a restart.
        bed.kafka.setPortBindings(List.of("127.0.0.1:" + Engine.freePort() + ":9092"));
        // As docker-compose.yml has it: with Kafka's defaults who joins waits for five seconds.
        bed.kafka.withEnv(Map.of(
                "KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS",
                "500",
                "KAFKA_GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS",
                "1000",
                "KAFKA_GROUP_CONSUMER_ASSIGNMENT_INTERVAL_MS",
                "0"));
        bed.kafka
                .withNetwork(bed.network)
                .withNetworkAliases("kafka")
                .withListener("kafka:19092")
                .start();
        return bed;
    }

    /** Where clients outside of the containers find the broker. */
    String bootstrap() {
        return kafka.getBootstrapServers();
    }

    /** Where containers that do not stem from here find the broker, as {@code kafka:19092}. */
    String network() {
        return network.getId();
    }

    /** The folder that consumers mount. */
    Path handlers() {
        return handlers;
    }

    /** Ends the broker as {@code docker stop} does; its data and its port stay its own. */
    void stopBroker() {
        stop(kafka);
    }

    void startBroker() {
        kafka.getDockerClient().startContainerCmd(kafka.getContainerId()).exec();
    }

    /** Starts a consumer, which is gone at the latest with this, and returns when it is healthy. */
    GenericContainer<?> consumer(Map<String, String> environment) {
        GenericContainer<?> consumer = new GenericContainer<>(Images.CONSUMER)
                .withNetwork(network)
                .withEnv("SLUICE_KAFKA_BOOTSTRAP_SERVERS", "kafka:19092")
                .withEnv(environment)
                .withTmpFs(Map.of("/tmp", "exec"))
                .withCreateContainerCmdModifier(this::lockUp)
                .waitingFor(Wait.forHealthcheck().withStartupTimeout(PATIENCE));
        consumers.add(consumer);
        consumer.start();
        return consumer;
    }

    private void lockUp(CreateContainerCmd container) {
        HostConfig host = Objects.requireNonNull(container.getHostConfig());
        // Not by Testcontainers' own method, which first asks a registry for an image to try a mount with.
        host.withBinds(Bind.parse(handlers + ":/app/handlers:ro"));
        host.withReadonlyRootfs(true).withCapDrop(Capability.ALL).withSecurityOpts(List.of("no-new-privileges:true"));
    }

    /** Its exit code after a SIGTERM; an engine that has to kill it makes that 137. */
    static long stop(GenericContainer<?> container) {
        container
                .getDockerClient()
                .stopContainerCmd(container.getContainerId())
                .withTimeout(GRACE_SECONDS)
                .exec();
        await().atMost(PATIENCE)
                .until(() -> Boolean.FALSE.equals(
                        container.getCurrentContainerInfo().getState().getRunning()));
        return Objects.requireNonNull(
                container.getCurrentContainerInfo().getState().getExitCodeLong());
    }

    @Override
    public void close() {
        consumers.forEach(GenericContainer::stop);
        kafka.stop();
        network.close();
    }
}
