package io.sluice.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.TaskHandler;
import io.sluice.kafka.KafkaClients;
import io.sluice.settings.Settings;
import io.sluice.standalone.CommandProcess;
import io.sluice.standalone.Main;
import io.sluice.standalone.TestPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** A broker and consumers, each in a process of its own, on topics of their own. The test's thread. */
final class Cluster implements AutoCloseable {
    static final int CAP = 3;
    static final Duration SESSION = Duration.ofSeconds(3);
    static final int MAX_IN_FLIGHT = 20;

    private final Path folder;
    private final int port;
    private CommandProcess broker;
    private final TestPipeline pipeline;
    private final Map<String, String> environment;
    private final List<CommandProcess> consumers = new ArrayList<>();

    Cluster(Path folder, Witness witness) throws Exception {
        this.folder = folder;
        this.port = CommandProcess.freePort();
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(TaskHandler.class.getName()), WitnessedHandler.class.getName());
        this.broker = startBroker();
        Map<String, String> variables = new HashMap<>(Map.of(
                "SLUICE_CONSUMER_MAX_IN_FLIGHT",
                String.valueOf(MAX_IN_FLIGHT),
                "SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY",
                String.valueOf(CAP),
                "SLUICE_CONSUMER_FENCE_AFTER",
                SESSION.toMillis() + "ms",
                "SLUICE_TYPES_WITNESSED_RETRY_MAX_ATTEMPTS",
                "3",
                "SLUICE_TYPES_WITNESSED_RETRY_BACKOFF",
                "20ms",
                "SLUICE_TYPES_WITNESSED_OPTIONS_WITNESS",
                String.valueOf(witness.port())));
        this.pipeline = TestPipeline.open("localhost:" + port, variables);
        variables.put("SLUICE_KAFKA_BOOTSTRAP_SERVERS", "localhost:" + port);
        variables.put("SLUICE_TOPIC", settings().topic());
        variables.put("SLUICE_CONSUMER_GROUP", settings().consumer().group());
        this.environment = Map.copyOf(variables);
        shortenSession();
    }

    Settings settings() {
        return pipeline.settings();
    }

    /** The topics, for whoever reads or writes records. */
    TestPipeline topics() {
        return pipeline;
    }

    /** Those that have been started and not been stopped or killed. */
    List<CommandProcess> consumers() {
        return List.copyOf(consumers);
    }

    CommandProcess join() throws IOException {
        CommandProcess consumer = CommandProcess.start(folder, environment, Main.class, "consumer");
        consumers.add(consumer);
        consumer.awaitErr("Consuming");
        return consumer;
    }

    /** SIGTERM; returns when it has drained. */
    void leave(CommandProcess consumer) throws Exception {
        beginToLeave(consumer);
        awaitEnd(consumer);
    }

    /** SIGTERM: from here on it drains. */
    void beginToLeave(CommandProcess consumer) throws Exception {
        consumers.remove(consumer);
        consumer.signal("TERM");
    }

    /** Returns when it has ended as it should. */
    void awaitEnd(CommandProcess consumer) throws Exception {
        assertThat(consumer.exitCode()).as(consumer::err).isZero();
    }

    /** {@code kill -9}; returns when it is gone. */
    void kill(CommandProcess consumer) {
        consumers.remove(consumer);
        consumer.close();
    }

    /** Stops the broker in an orderly way. Its data stays. */
    void stopBroker() throws Exception {
        broker.signal("TERM");
        assertThat(broker.exitCode()).as(broker::err).isZero();
    }

    /** Kills the broker. Its data stays, as far as the operating system has it. */
    void killBroker() {
        broker.close();
    }

    /** Starts it again, on its port and its data. */
    void restartBroker() throws IOException {
        broker = startBroker();
    }

    private CommandProcess startBroker() throws IOException {
        CommandProcess started = CommandProcess.start(
                folder, Map.of(), BrokerProgram.class, folder.resolve("broker").toString(), String.valueOf(port));
        started.awaitErr(BrokerProgram.UP);
        return started;
    }

    private void shortenSession() throws Exception {
        try (Admin admin = KafkaClients.admin(settings().kafka(), "chaos-session")) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(
                                    ConfigResource.Type.GROUP,
                                    settings().consumer().group()),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("consumer.session.timeout.ms", String.valueOf(SESSION.toMillis())),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    @Override
    public void close() {
        consumers.forEach(CommandProcess::close);
        try {
            pipeline.close();
        } finally {
            broker.close();
        }
    }
}
