package io.sluice.settings;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that a pipeline is told. Immutable, and consistent in itself once it exists.
 *
 * @param kafka Kafka's own properties, passed to every client
 * @param topic the topic that holds the work; the others are named after it
 * @param defaultType the type of a task that names none
 * @param consumer what every consumer is told
 * @param producer what every producer is told
 * @param types the types that settings were given for; {@link #type} knows the others too
 * @param management where a service tells how it is
 */
public record Settings(
        Map<String, String> kafka,
        String topic,
        String defaultType,
        ConsumerSettings consumer,
        ProducerSettings producer,
        Map<String, TypeSettings> types,
        ManagementSettings management) {
    static final String DEFAULT_TOPIC = "tasks";
    static final String DEFAULT_TYPE = "fetch";

    /** What a rebalance needs besides the wait for running attempts: to stop them, to commit, to answer the group. */
    private static final Duration POLL_MARGIN = Duration.ofSeconds(10);

    /** @throws SettingsException with every fault, those between the parts included */
    public Settings {
        kafka = Collections.unmodifiableMap(new LinkedHashMap<>(kafka));
        types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
        Checks checks = new Checks();
        KafkaProperties.check(kafka, consumer.groupProtocol(), checks);
        TopicNames.check(topic, checks);
        checks.notBlank("default-type", defaultType);
        fitsTheGroup("consumer.handover-timeout", consumer.stopping().handoverTimeout(), kafka, consumer, checks);
        fitsTheSession(kafka, consumer, checks);
        for (Map.Entry<String, TypeSettings> type : types.entrySet()) {
            String path = "types." + type.getKey();
            checks.expect(!type.getKey().isBlank(), path, "\"" + type.getKey() + "\"", "the name of a type");
            fitsTheGroup(path + ".timeout", type.getValue().timeout(), kafka, consumer, checks);
            fitsTheConsumer(path + ".max-in-flight", type.getValue().maxInFlight(), consumer, checks);
        }
        checks.finish();
    }

    /**
     * Those of a pipeline in someone else's application, which has its own way of telling how it is.
     *
     * @throws SettingsException with every fault, those between the parts included
     */
    public Settings(
            Map<String, String> kafka,
            String topic,
            String defaultType,
            ConsumerSettings consumer,
            ProducerSettings producer,
            Map<String, TypeSettings> types) {
        this(kafka, topic, defaultType, consumer, producer, types, ManagementSettings.defaults());
    }

    public static Settings defaults() {
        return new Settings(
                KafkaProperties.DEFAULTS,
                DEFAULT_TOPIC,
                DEFAULT_TYPE,
                ConsumerSettings.defaults(),
                ProducerSettings.defaults(),
                Map.of());
    }

    /** The settings of a type: those given, or the defaults. */
    public TypeSettings type(String name) {
        TypeSettings given = types.get(name);
        return given != null
                ? given
                : TypeSettings.defaults(consumer.limits().maxInFlight(), longestTimeout(kafka, consumer.stopping()));
    }

    public TopicNames topics() {
        return TopicNames.of(topic);
    }

    /** How long a consumer may stay away from polling, in a revocation above all, before the group gives it up. */
    public Duration maxPollInterval() {
        return KafkaProperties.maxPollInterval(kafka);
    }

    /** How long one call of a client may block while the broker is away. */
    public Duration apiTimeout() {
        return KafkaProperties.apiTimeout(kafka);
    }

    /** How long a broker that has nothing new keeps a consumer's fetch waiting at most. */
    public Duration fetchMaxWait() {
        return KafkaProperties.fetchMaxWait(kafka);
    }

    /** The most records that one poll brings. */
    public int maxPollRecords() {
        return KafkaProperties.maxPollRecords(kafka);
    }

    /** The longest wait for an attempt, or for a handover, that still leaves time to stop and to commit. */
    static Duration longestTimeout(Map<String, String> kafka, Stopping stopping) {
        Duration left =
                KafkaProperties.maxPollInterval(kafka).minus(POLL_MARGIN).minus(stopping.stopGrace());
        return Durations.longer(Checks.SHORTEST, left);
    }

    private static void fitsTheGroup(
            String path, Duration wait, Map<String, String> kafka, ConsumerSettings consumer, Checks checks) {
        Duration longest = longestTimeout(kafka, consumer.stopping());
        String remedy =
                "shorten it or raise kafka.%s (%d), which must cover it, consumer.stop-grace (%s) and a margin of %s"
                        .formatted(
                                KafkaProperties.MAX_POLL_INTERVAL,
                                KafkaProperties.maxPollInterval(kafka).toMillis(),
                                Durations.format(consumer.stopping().stopGrace()),
                                Durations.format(POLL_MARGIN));
        checks.compare(
                wait.compareTo(longest) <= 0,
                path,
                Durations.format(wait),
                "at most " + Durations.format(longest) + ": " + remedy,
                "kafka." + KafkaProperties.MAX_POLL_INTERVAL,
                "consumer.stop-grace");
    }

    /** With the consumer protocol the session is the broker's, and not known before it has been asked. */
    private static void fitsTheSession(Map<String, String> kafka, ConsumerSettings consumer, Checks checks) {
        Duration session = KafkaProperties.classicSession(kafka);
        Duration fenceAfter = consumer.patience().fenceAfter();
        checks.compare(
                consumer.groupProtocol() != GroupProtocol.CLASSIC || fenceAfter.compareTo(session) <= 0,
                "consumer.fence-after",
                Durations.format(fenceAfter),
                "at most kafka." + KafkaProperties.SESSION_TIMEOUT + " (" + session.toMillis() + ")",
                "kafka." + KafkaProperties.SESSION_TIMEOUT,
                "consumer.group-protocol");
    }

    private static void fitsTheConsumer(String path, int maxInFlight, ConsumerSettings consumer, Checks checks) {
        int most = consumer.limits().maxInFlight();
        checks.compare(
                maxInFlight <= most,
                path,
                Integer.toString(maxInFlight),
                "at most consumer.max-in-flight (" + most + ")",
                "consumer.max-in-flight");
    }

    /** Without the values of Kafka's properties, among which are passwords. */
    @Override
    public String toString() {
        return "Settings[kafka=" + kafka.keySet() + ", topic=" + topic + ", defaultType=" + defaultType + ", consumer="
                + consumer + ", producer=" + producer + ", types=" + types + ", management=" + management + "]";
    }
}
