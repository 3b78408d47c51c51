package io.sluice.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes Kafka clients from the settings' {@code kafka} section. What a promise rests on is set here and cannot be
 * overridden: acknowledgement by all replicas, idempotence, committed reads, commits by hand.
 */
public final class KafkaClients {
    /** Of records for one partition that go together, as all that is moved to a topic does. Kafka's default is an eighth. */
    private static final int BATCH_BYTES = 128 << 10;

    /**
     * How long the broker may wait with its answer while it has no records. A partition that is resumed is not asked for
     * before that answer has come; Kafka's default is half a second.
     */
    private static final int FETCH_MAX_WAIT_MILLIS = 100;

    private KafkaClients() {}

    /** An idempotent producer that waits for all in-sync replicas. */
    public static KafkaProducer<byte[], byte[]> producer(Map<String, String> kafka, String clientId) {
        Map<String, Object> properties = known(kafka, ProducerConfig.configNames());
        // Who says how much memory there is knows best what fits into it: the client fails if a batch does not.
        if (!properties.containsKey(ProducerConfig.BUFFER_MEMORY_CONFIG)) {
            properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        }
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** How long such a producer may take for a record, from its send to its acknowledgement. */
    static Duration deliveryTimeout(Map<String, String> kafka) {
        long delivery = millis(kafka, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        long request = millis(kafka, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 30_000);
        long linger = millis(kafka, ProducerConfig.LINGER_MS_CONFIG, 5);
        return Duration.ofMillis(Math.max(delivery, request + linger));
    }

    /** What is no number is refused by the client itself. */
    private static long millis(Map<String, String> kafka, String name, long byDefault) {
        String value = kafka.get(name);
        return value != null && value.strip().matches("\\d{1,10}") ? Long.parseLong(value.strip()) : byDefault;
    }

    /**
     * A member of a consumer group that commits by hand. Offsets are sought by hand too, so a missing one is an error
     * that the caller sees.
     *
     * @param protocol {@code consumer} or {@code classic}; both assign by range, so that partition n of every topic of a
     *     pipeline has one owner
     */
    public static KafkaConsumer<byte[], byte[]> groupConsumer(
            Map<String, String> kafka, String clientId, String group, String protocol) {
        Map<String, Object> properties = consumerProperties(kafka, clientId);
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MILLIS);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        if (protocol.equals("classic")) {
            properties.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    "org.apache.kafka.clients.consumer.RangeAssignor");
        } else {
            properties.put(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, "range");
            // The broker sets these two for the consumer protocol, and the client refuses them.
            properties.remove(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
            properties.remove(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
        }
        return consumer(properties);
    }

    /** A consumer outside any group, for one that is told which partitions to read. */
    public static KafkaConsumer<byte[], byte[]> reader(Map<String, String> kafka, String clientId) {
        return consumer(consumerProperties(kafka, clientId));
    }

    /** An admin client. */
    public static Admin admin(Map<String, String> kafka, String clientId) {
        Map<String, Object> properties = known(kafka, AdminClientConfig.configNames());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        return Admin.create(properties);
    }

    private static Map<String, Object> consumerProperties(Map<String, String> kafka, String clientId) {
        Map<String, Object> properties = known(kafka, ConsumerConfig.configNames());
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return properties;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Leaves out what the other kinds of client have a use for, and keeps what none knows: plug-ins read it. */
    private static Map<String, Object> known(Map<String, String> kafka, Set<String> ownNames) {
        Map<String, Object> properties = new HashMap<>();
        kafka.forEach((name, value) -> {
            if (ownNames.contains(name) || !isKnownToAny(name)) {
                properties.put(name, value);
            }
        });
        return properties;
    }

    private static boolean isKnownToAny(String name) {
        return ProducerConfig.configNames().contains(name)
                || ConsumerConfig.configNames().contains(name)
                || AdminClientConfig.configNames().contains(name);
    }
}
