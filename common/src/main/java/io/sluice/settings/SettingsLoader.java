package io.sluice.settings;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the settings from a YAML file and the environment over it. Blocks while it reads the file. */
public final class SettingsLoader {
    /** Variables that begin as settings do, but are for the process: where the file is, what Java is told, how it logs. */
    public static final Set<String> RESERVED_VARIABLES =
            Set.of("SLUICE_CONFIG", "SLUICE_JAVA_OPTS", "SLUICE_LOG_FORMAT", "SLUICE_LOG_LEVEL");

    private static final Set<String> BUILT_IN_TYPES = Set.of("fetch", "http");

    private SettingsLoader() {}

    /**
     * Reads all settings, those left out with their defaults.
     *
     * @param file the YAML file, or null when there is none
     * @param environment as {@link System#getenv()} has it; only {@code SLUICE_…} counts
     * @throws SettingsException with one fault if the file is no YAML mapping, else with all faults of file and
     *     environment
     */
    public static Settings load(@Nullable Path file, Map<String, String> environment) {
        ObjectNode mapping = file == null ? JsonNodeFactory.instance.objectNode() : SettingsFile.read(file);
        return settings(mapping, new Reading(environment));
    }

    static Settings settings(ObjectNode mapping, Reading reading) {
        Section root = new Section(reading, "", VariableName.PREFIX, mapping);
        Map<String, String> kafka = root.child("kafka", KafkaReader::read);
        String topic = root.text("topic", Settings.DEFAULT_TOPIC);
        String defaultType = root.text("default-type", Settings.DEFAULT_TYPE);
        ConsumerSettings consumer = root.child("consumer", section -> consumer(section, kafka));
        ProducerSettings producer = root.child("producer", SettingsLoader::producer);
        ManagementSettings management = root.child("management", SettingsLoader::management);
        TypeSettings unset = TypeSettings.defaults(
                consumer.limits().maxInFlight(), Settings.longestTimeout(kafka, consumer.stopping()));
        Map<String, TypeSettings> types = root.child("types", section -> types(section, unset));
        root.refuseUnknownKeys();
        reading.refuseUnknownVariables();
        return reading.finish(() -> new Settings(kafka, topic, defaultType, consumer, producer, types, management));
    }

    private static ConsumerSettings consumer(Section section, Map<String, String> kafka) {
        ConsumerSettings unset = ConsumerSettings.defaults();
        Limits limits = section.build(() -> {
            int maxInFlight = section.integer("max-in-flight", unset.limits().maxInFlight());
            // Who lowers the one limit alone means no more by it than that.
            int perKey = Math.min(unset.limits().maxInFlightPerKey(), Math.max(1, maxInFlight));
            return new Limits(
                    maxInFlight,
                    section.integer("max-in-flight-per-key", perKey),
                    section.integer("max-stuck", unset.limits().maxStuck()));
        });
        Stopping stopping = section.build(() -> new Stopping(
                section.duration("drain-timeout", unset.stopping().drainTimeout()),
                section.duration("handover-timeout", unset.stopping().handoverTimeout()),
                section.duration("stop-grace", unset.stopping().stopGrace())));
        Patience patience = section.build(() -> patience(section, unset.patience(), kafka));
        return section.build(() -> new ConsumerSettings(
                section.text("group", unset.group()),
                section.choice("group-protocol", unset.groupProtocol()),
                limits,
                section.duration("commit-interval", unset.commitInterval()),
                stopping,
                patience));
    }

    private static Patience patience(Section section, Patience unset, Map<String, String> kafka) {
        // Who shortens the session alone means the fence too.
        Duration fence = Durations.shorter(unset.fenceAfter(), KafkaProperties.classicSession(kafka));
        return new Patience(
                section.duration("unknown-type-wait", unset.unknownTypeWait()),
                section.duration("ordered-wait-max", unset.orderedWaitMax()),
                section.duration("stall-warning", unset.stallWarning()),
                section.duration("fence-after", fence));
    }

    private static ProducerSettings producer(Section section) {
        ProducerSettings unset = ProducerSettings.defaults();
        Listen listen = section.build(() -> listen(section, unset.listen()));
        HttpLimits http = section.build(() -> http(section, unset.http()));
        IndexSettings index = section.child("index", SettingsLoader::index);
        Map<String, Path> schemas = section.paths("schemas");
        return section.build(() -> new ProducerSettings(
                listen,
                section.integer("max-buffered", unset.maxBuffered()),
                section.size("max-buffered-size", unset.maxBufferedBytes()),
                http,
                index,
                schemas));
    }

    private static Listen listen(Section section, Listen unset) {
        return new Listen(
                section.text("host", unset.host()),
                section.integer("port", unset.port()),
                section.path("tokens-file").orElse(null),
                section.path("tls-certificate").orElse(null),
                section.path("tls-key").orElse(null),
                section.flag("allow-insecure", unset.allowInsecure()));
    }

    private static HttpLimits http(Section section, HttpLimits unset) {
        Duration maxWait = section.duration("max-wait", unset.maxWait());
        // Who lowers the longest wait alone means no more by it than that.
        Duration byDefault = Durations.longer(Checks.SHORTEST, Durations.shorter(unset.defaultWait(), maxWait));
        return new HttpLimits(
                section.size("max-body", unset.maxBodyBytes()),
                section.integer("max-connections", unset.maxConnections()),
                section.duration("idle-timeout", unset.idleTimeout()),
                section.duration("default-wait", byDefault),
                maxWait);
    }

    private static ManagementSettings management(Section section) {
        ManagementSettings unset = ManagementSettings.defaults();
        return section.build(() -> new ManagementSettings(section.text("host", unset.host()), section.integer("port")));
    }

    private static IndexSettings index(Section section) {
        IndexSettings unset = IndexSettings.defaults();
        return section.build(() -> new IndexSettings(
                section.integer("max-tasks", unset.maxTasks()),
                section.size("max-size", unset.maxBytes()),
                section.duration("window", unset.window())));
    }

    private static Map<String, TypeSettings> types(Section section, TypeSettings unset) {
        Set<String> known = new TreeSet<>(BUILT_IN_TYPES);
        known.addAll(section.keys());
        String prefix = section.variablePrefix();
        Set<String> endings = variablesOfAType(unset);
        Map<String, String> prefixes = new TypeVariables(known, endings)
                .prefixes(section.reading().variablesUnder(prefix, rest -> false), prefix);
        known.forEach(type ->
                endings.forEach(ending -> section.reading().suggest(prefix + VariableName.of(type) + "_" + ending)));
        Set<String> given = new TreeSet<>(section.keys());
        given.addAll(prefixes.keySet());

        Map<String, TypeSettings> types = new LinkedHashMap<>();
        for (String name : given) {
            String typePrefix = prefixes.getOrDefault(name, prefix + VariableName.of(name) + "_");
            types.put(name, section.child(name, typePrefix, type -> type(type, unset)));
        }
        return types;
    }

    /** Found by reading a type without a name and looking at what was asked for. */
    private static Set<String> variablesOfAType(TypeSettings unset) {
        Reading nothing = new Reading(Map.of());
        type(new Section(nothing, "", "", JsonNodeFactory.instance.objectNode()), unset);
        return nothing.asked();
    }

    private static TypeSettings type(Section section, TypeSettings unset) {
        Answers answers = new Answers(
                section.choice("results", unset.answers().results()),
                section.child("on-timeout", onTimeout -> onTimeout.json("default"))
                        .orElse(null));
        RetrySettings retry = section.child("retry", SettingsLoader::retry);
        ObjectNode options = section.options("options");
        return section.build(() -> {
            int maxInFlight = section.integer("max-in-flight", unset.maxInFlight());
            Duration timeout = section.duration("timeout", unset.timeout());
            WorkerPool pool = new WorkerPool(
                    section.choice("threads", unset.pool().threads()),
                    section.integer("pool-size", Math.max(1, maxInFlight)));
            return new TypeSettings(timeout, maxInFlight, answers, retry, pool, options);
        });
    }

    private static RetrySettings retry(Section section) {
        RetrySettings unset = RetrySettings.defaults();
        Backoff backoff = section.build(() -> backoff(section, unset.backoff()));
        return section.build(() -> new RetrySettings(
                section.integer("max-attempts", unset.maxAttempts()),
                backoff,
                section.duration("max-age", unset.maxAge()),
                section.duration("in-memory", unset.inMemory()),
                section.texts("permanent", unset.permanent())));
    }

    private static Backoff backoff(Section section, Backoff unset) {
        Duration max = section.duration("max-backoff", unset.max());
        Duration first = Durations.longer(Checks.SHORTEST, Durations.shorter(unset.first(), max));
        return new Backoff(
                section.duration("backoff", first),
                section.number("factor", unset.factor()),
                max,
                section.choice("jitter", unset.jitter()));
    }
}
