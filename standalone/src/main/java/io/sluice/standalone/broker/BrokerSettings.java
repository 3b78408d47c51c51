package io.sluice.standalone.broker;

import java.util.Map;
import java.util.Properties;

/**
 * Where one broker listens and what it calls itself, and the Kafka settings that follow from it. Immutable.
 *
 * @param protocol of its listener: {@code PLAINTEXT}, {@code SASL_SSL}
 * @param security the further settings that this protocol takes
 */
record BrokerSettings(
        String advertisedHost, int port, int controllerPort, String protocol, Map<String, String> security) {
    static final int NODE = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String ADDRESS = "127.0.0.1";

    /** Of a broker that takes everyone, with a controller on a free port. */
    BrokerSettings(String advertisedHost, int port) {
        this(advertisedHost, port, "PLAINTEXT", Map.of());
    }

    /** With a controller on a free port. */
    BrokerSettings(String advertisedHost, int port, String protocol, Map<String, String> security) {
        this(advertisedHost, port, Ports.freeBesides(port), protocol, security);
    }

    String bootstrapServers() {
        return advertisedHost + ":" + port;
    }

    Properties with(DataFolder folder) {
        Properties kafka = new Properties();
        kafka.put("process.roles", "broker,controller");
        kafka.put("node.id", String.valueOf(NODE));
        kafka.put(
                "listeners",
                protocol + "://" + ADDRESS + ":" + port + ",CONTROLLER://" + ADDRESS + ":" + controllerPort);
        kafka.put("advertised.listeners", protocol + "://" + bootstrapServers());
        kafka.put("listener.security.protocol.map", protocol + ":" + protocol + ",CONTROLLER:PLAINTEXT");
        kafka.put("inter.broker.listener.name", protocol);
        kafka.put("controller.listener.names", CONTROLLER_LISTENER);
        // A static voter's address is not stored with the data, so a restart may use another controller port.
        kafka.put("controller.quorum.voters", NODE + "@" + ADDRESS + ":" + controllerPort);
        kafka.put("log.dirs", folder.logs().toString());

        kafka.put("auto.create.topics.enable", "false");
        kafka.put("num.partitions", "12");
        kafka.put("default.replication.factor", "1");
        kafka.put("min.insync.replicas", "1");
        onePartition(kafka, "offsets.topic.");
        onePartition(kafka, "transaction.state.log.");
        onePartition(kafka, "share.coordinator.state.topic.");
        kafka.put("transaction.state.log.min.isr", "1");
        kafka.put("share.coordinator.state.topic.min.isr", "1");

        // A joining consumer has its partitions in half a second; with the defaults it waits for five.
        kafka.put("group.initial.rebalance.delay.ms", "0");
        kafka.put("group.consumer.min.heartbeat.interval.ms", "100");
        kafka.put("group.consumer.heartbeat.interval.ms", "300");
        kafka.put("group.consumer.assignment.interval.ms", "0");
        // Allows a group a session of a second; the default stays Kafka's 45 seconds.
        kafka.put("group.consumer.min.session.timeout.ms", "1000");
        kafka.put("group.min.session.timeout.ms", "1000");

        // Without it the next start on the same folder waits nine seconds for this broker's session to end.
        kafka.put("controlled.shutdown.enable", "true");
        kafka.put("server.max.startup.time.ms", "60000");
        // The cleaner takes this much memory at start, 128 MiB by default.
        kafka.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
        // Share groups are not used: every five minutes a thread would look for state of theirs, and start for that.
        String never = String.valueOf(Integer.MAX_VALUE);
        kafka.put("share.coordinator.state.topic.prune.interval.ms", never);
        kafka.put("share.coordinator.cold.partition.snapshot.interval.ms", never);
        // Two brokers in one JVM would fight over the same JMX names.
        kafka.put("metric.reporters", "");
        kafka.putAll(security);
        return kafka;
    }

    private static void onePartition(Properties kafka, String topic) {
        kafka.put(topic + "num.partitions", "1");
        kafka.put(topic + "replication.factor", "1");
    }
}
