package io.sluice.standalone.broker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Apache Kafka broker and controller (KRaft) in this JVM, listening on 127.0.0.1 only.
 *
 * <p>Topics are not created by use. Starting and closing block for a second or so: any thread but an event loop.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final int ATTEMPTS = 3;

    private final BrokerSettings settings;
    private final DataFolder folder;
    private final JvmGuard guard;
    private final KafkaRaftServer server;
    private boolean open = true;

    private EmbeddedBroker(BrokerSettings settings, DataFolder folder, JvmGuard guard, KafkaRaftServer server) {
        this.settings = settings;
        this.folder = folder;
        this.guard = guard;
        this.server = server;
    }

    /**
     * A broker on a free port whose data is gone when it is closed.
     *
     * @throws BrokerFailed when it does not start
     */
    public static EmbeddedBroker temporary() {
        for (int attempt = 1; ; attempt++) {
            BrokerSettings settings = new BrokerSettings("127.0.0.1", Ports.free());
            try {
                return start(settings, DataFolder.temporary());
            } catch (BrokerFailed e) {
                boolean overtaken = Ports.taken(settings.port()) || Ports.taken(settings.controllerPort());
                if (!overtaken || attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.debug("Another process took a port that was free a moment ago; trying others", e);
            }
        }
    }

    /**
     * A broker on {@code localhost:port} that keeps its data in this folder, and finds what an earlier one left there.
     *
     * <p>After a crash this takes up to ten seconds: Kafka waits for the session of the dead broker to end.
     *
     * @param dataFolder made if it is missing
     * @throws BrokerFailed when it does not start; the message names the port or the folder, whichever is to blame
     */
    public static EmbeddedBroker at(Path dataFolder, int port) {
        if (port < 1 || port > 65_535) {
            throw new BrokerFailed("The broker's port must be from 1 to 65535, not " + port, null);
        }
        DataFolder folder = DataFolder.at(dataFolder);
        if (Ports.taken(port)) {
            folder.close();
            throw portTaken(port, null);
        }
        return start(new BrokerSettings("localhost", port), folder);
    }

    /** What clients put into {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return settings.bootstrapServers();
    }

    /** Stops the broker and waits for its end. Closing twice is closing once. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            stop(server);
            guard.close();
            folder.close();
        }
    }

    static EmbeddedBroker start(BrokerSettings settings, DataFolder folder) {
        long begin = System.nanoTime();
        JvmGuard guard = JvmGuard.install();
        try {
            format(folder);
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings.with(folder), false), Time.SYSTEM);
            startOrStop(server);
            LOG.debug("Broker {} started in {} ms", settings, (System.nanoTime() - begin) / 1_000_000);
            return new EmbeddedBroker(settings, folder, guard, server);
        } catch (Exception e) {
            BrokerFailed failure = Ports.taken(settings.port())
                    ? portTaken(settings.port(), e)
                    : new BrokerFailed(
                            "The broker did not start with its data in " + folder + ": "
                                    + guard.reason().orElse(e.toString())
                                    + "; the log says more, and another folder starts it afresh",
                            e);
            guard.close();
            folder.close();
            throw failure;
        }
    }

    private static void format(DataFolder folder) throws Exception {
        if (!Files.exists(folder.logs().resolve("meta.properties"))) {
            new Formatter()
                    .setNodeId(BrokerSettings.NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                    .addDirectory(folder.logs().toString())
                    .setMetadataLogDirectory(folder.logs().toString())
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
        }
    }

    private static void startOrStop(KafkaRaftServer server) {
        try {
            server.startup();
        } catch (RuntimeException e) {
            stop(server);
            throw e;
        }
    }

    private static void stop(KafkaRaftServer server) {
        try {
            server.shutdown();
            server.awaitShutdown();
        } catch (RuntimeException e) {
            LOG.warn("The embedded broker did not stop cleanly: {}", e.toString());
        }
    }

    private static BrokerFailed portTaken(int port, @Nullable Throwable cause) {
        return new BrokerFailed(
                "Port " + port + " of this machine is in use; stop the program that uses it or choose another port",
                cause);
    }
}
