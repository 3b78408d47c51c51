package io.sluice.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Which of Kafka's properties may be given, and with which values. */
final class KafkaProperties {
    static final String MAX_POLL_INTERVAL = "max.poll.interval.ms";
    static final String API_TIMEOUT = "default.api.timeout.ms";
    static final String MAX_POLL_RECORDS = "max.poll.records";
    private static final String FETCH_MAX_WAIT = "fetch.max.wait.ms";
    static final String SESSION_TIMEOUT = "session.timeout.ms";

    /** Of the client's session with the classic protocol, and of the broker's with the consumer protocol. */
    static final Duration DEFAULT_SESSION = Duration.ofSeconds(45);

    static final Map<String, String> DEFAULTS = Map.of("bootstrap.servers", "localhost:9092");

    private static final Duration DEFAULT_MAX_POLL_INTERVAL = Duration.ofMinutes(5);
    private static final Duration DEFAULT_API_TIMEOUT = Duration.ofMinutes(1);
    private static final int DEFAULT_MAX_POLL_RECORDS = 500;
    private static final int DEFAULT_FETCH_MAX_WAIT_MS = 500;

    /** One poll's records join those that are unsettled already, and the map of all of them is 4,096 characters at most. */
    private static final int MOST_POLL_RECORDS = 1_000;

    private static final Pattern SERVERS = Pattern.compile("\\s*[^,\\s]+:\\d{1,5}\\s*(,\\s*[^,\\s]+:\\d{1,5}\\s*)*");

    /** Plugins of these kinds read properties that no client declares. */
    private static final List<String> PLUGIN_PREFIXES = List.of("sasl.", "ssl.", "security.", "metric", "config.");

    /** With the consumer protocol these belong to the broker, and KafkaConsumer refuses them. */
    private static final Set<String> CLASSIC_ONLY = Set.of(SESSION_TIMEOUT, "heartbeat.interval.ms");

    private static final List<ConfigDef> CLIENTS =
            List.of(ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef());

    private static final String RANGE = "always range, so that one consumer owns partition n of every topic";
    private static final String BYTES = "Sluice reads and writes bytes";
    private static final String MURMUR = "always Kafka's murmur2 of the key, so that a key has one owner";

    /** Those that a promise of Sluice rests on, each with the reason. */
    private static final Map<String, String> OWNED = Map.ofEntries(
            Map.entry("enable.auto.commit", "Sluice commits only what is settled"),
            Map.entry("auto.commit.interval.ms", "use consumer.commit-interval"),
            Map.entry("isolation.level", "always read_committed, so that no task of an aborted transaction runs"),
            Map.entry("auto.offset.reset", "Sluice starts at the beginning and reports gaps as lost"),
            Map.entry("acks", "always all, because a task is settled only when its records are safe"),
            Map.entry("enable.idempotence", "always true, so that a repeated write leaves one record"),
            Map.entry("transactional.id", "Sluice settles without transactions"),
            Map.entry("group.id", "use consumer.group"),
            Map.entry(
                    "group.instance.id",
                    "the consumers of one process would share it, and the broker would expel them"),
            Map.entry("group.protocol", "use consumer.group-protocol"),
            Map.entry("group.remote.assignor", RANGE),
            Map.entry("partition.assignment.strategy", RANGE),
            Map.entry("key.serializer", BYTES),
            Map.entry("value.serializer", BYTES),
            Map.entry("key.deserializer", BYTES),
            Map.entry("value.deserializer", BYTES),
            Map.entry("partitioner.class", MURMUR),
            Map.entry("partitioner.ignore.keys", MURMUR),
            Map.entry("allow.auto.create.topics", "Sluice needs topics that match each other and checks them itself"));

    private static final String RECORDS_WHY = "the map of the unsettled ones must fit a commit";

    private KafkaProperties() {}

    /** Whether one of Kafka's clients declares it. */
    static boolean isKnown(String key) {
        return CLIENTS.stream().anyMatch(client -> client.configKeys().containsKey(key));
    }

    static Duration maxPollInterval(Map<String, String> kafka) {
        return Duration.ofMillis(integer(kafka, MAX_POLL_INTERVAL, (int) DEFAULT_MAX_POLL_INTERVAL.toMillis()));
    }

    static Duration apiTimeout(Map<String, String> kafka) {
        return Duration.ofMillis(integer(kafka, API_TIMEOUT, (int) DEFAULT_API_TIMEOUT.toMillis()));
    }

    static int maxPollRecords(Map<String, String> kafka) {
        return integer(kafka, MAX_POLL_RECORDS, DEFAULT_MAX_POLL_RECORDS);
    }

    static Duration fetchMaxWait(Map<String, String> kafka) {
        return Duration.ofMillis(integer(kafka, FETCH_MAX_WAIT, DEFAULT_FETCH_MAX_WAIT_MS));
    }

    /** Of the client's own session: with the consumer protocol it is the broker's and not known here. */
    static Duration classicSession(Map<String, String> kafka) {
        return Duration.ofMillis(integer(kafka, SESSION_TIMEOUT, (int) DEFAULT_SESSION.toMillis()));
    }

    private static int integer(Map<String, String> kafka, String key, int fallback) {
        try {
            String given = kafka.get(key);
            return given == null ? fallback : Integer.parseInt(given.strip());
        } catch (NumberFormatException e) {
            return fallback;
        }
    }

    static void check(Map<String, String> kafka, GroupProtocol protocol, Checks checks) {
        String servers = kafka.getOrDefault("bootstrap.servers", "");
        checks.expect(
                SERVERS.matcher(servers).matches(),
                "kafka.bootstrap.servers",
                servers.contains("@") ? "what has a user or a password" : "\"" + servers + "\"",
                "host:port, or several with commas between");
        new TreeMap<>(kafka).forEach((key, value) -> {
            String path = "kafka." + key;
            String reason = OWNED.get(key);
            if (reason != null) {
                checks.refuse(path, "refused: " + reason);
            } else if (protocol == GroupProtocol.CONSUMER && CLASSIC_ONLY.contains(key)) {
                checks.refuse(path, "refused: with group-protocol consumer the broker sets it");
            } else if (key.equals(MAX_POLL_RECORDS) && value.contains("${")) {
                checks.refuse(path, "refused: " + RECORDS_WHY + ", so write the number out");
            } else if (isKnown(key)) {
                checkValue(path, key, value, checks);
                checks.expect(
                        !key.equals(MAX_POLL_RECORDS) || maxPollRecords(kafka) <= MOST_POLL_RECORDS,
                        path,
                        value,
                        "at most " + MOST_POLL_RECORDS + ": " + RECORDS_WHY);
            } else {
                checkUnknown(path, key, checks);
            }
        });
    }

    private static void checkValue(String path, String key, String value, Checks checks) {
        if (value.contains("${") || key.equals("bootstrap.servers")) {
            return; // what Kafka's config providers put there is not known here
        }
        try {
            for (ConfigDef client : CLIENTS) {
                ConfigDef.ConfigKey known = client.configKeys().get(key);
                if (known != null && isPlain(known.type)) {
                    Object parsed = ConfigDef.parseType(key, value, known.type);
                    if (known.validator != null) {
                        known.validator.ensureValid(key, parsed);
                    }
                }
            }
        } catch (ConfigException e) {
            String why = String.valueOf(e.getMessage())
                    .replaceFirst("(?s).* for configuration " + Pattern.quote(key) + ": ", "");
            checks.expect(false, path, "\"" + value + "\"", "what Kafka takes: " + why);
        }
    }

    /** Classes may be in jars that are not here yet, passwords must not be in a message. */
    private static boolean isPlain(ConfigDef.Type type) {
        return type != ConfigDef.Type.CLASS && type != ConfigDef.Type.LIST && type != ConfigDef.Type.PASSWORD;
    }

    private static void checkUnknown(String path, String key, Checks checks) {
        Set<String> known = new TreeSet<>(DEFAULTS.keySet());
        CLIENTS.forEach(client -> known.addAll(client.names()));
        known.removeAll(OWNED.keySet());
        boolean plugin = PLUGIN_PREFIXES.stream().anyMatch(key::startsWith);
        Nearest.within(plugin ? 2 : key.length() / 2, key, known)
                .ifPresentOrElse(near -> checks.refuse(path, "unknown, did you mean " + near + "?"), () -> {
                    if (!plugin) {
                        checks.refuse(path, "unknown to every Kafka client");
                    }
                });
    }
}
