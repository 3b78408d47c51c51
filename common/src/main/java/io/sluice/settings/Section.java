package io.sluice.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One mapping of the settings, read key by key. A variable goes before the file, a key without a value (or null) is one
 * that is left out, and a value that is wrong is noted and replaced by its default, so that reading goes on.
 */
final class Section {
    /** Mappings of others, in which passwords may be. */
    private static final Set<String> SECRET = Set.of("kafka", "options");

    private final Reading reading;
    private final String path;
    private final String variablePrefix;
    private final ObjectNode mapping;
    private final Set<String> known = new LinkedHashSet<>();

    Section(Reading reading, String path, String variablePrefix, ObjectNode mapping) {
        this.reading = reading;
        this.path = path;
        this.variablePrefix = variablePrefix;
        this.mapping = mapping;
    }

    String text(String key, String fallback) {
        return read(key, fallback, "text (a number needs quotes)", TextNode::valueOf, Json::text);
    }

    int integer(String key, int fallback) {
        return read(key, fallback, "a whole number", Json::of, Json::integer);
    }

    OptionalInt integer(String key) {
        return read(
                key,
                OptionalInt.empty(),
                "a whole number",
                Json::of,
                node -> Json.integer(node).map(OptionalInt::of));
    }

    double number(String key, double fallback) {
        return read(key, fallback, "a number", Json::of, Json::number);
    }

    boolean flag(String key, boolean fallback) {
        return read(
                key,
                fallback,
                "true or false",
                Json::of,
                node -> node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty());
    }

    /** A file's name. */
    Optional<Path> path(String key) {
        String name = text(key, "");
        try {
            return name.isBlank() ? Optional.empty() : Optional.of(Path.of(name));
        } catch (InvalidPathException e) {
            reading.add(new Fault(pathOf(key), Json.shown(TextNode.valueOf(name)), "the name of a file"));
            return Optional.empty();
        }
    }

    /** A mapping from keys that are not ours to names of files. */
    Map<String, Path> paths(String key) {
        Map<String, Path> paths = new LinkedHashMap<>();
        options(key).properties().forEach(entry -> {
            String name = entry.getValue().textValue();
            if (name == null || name.isBlank()) {
                String path = pathOf(key) + "." + entry.getKey();
                reading.add(new Fault(path, Json.shown(entry.getValue()), "the name of a file"));
            } else {
                paths.put(entry.getKey(), Path.of(name));
            }
        });
        return paths;
    }

    Duration duration(String key, Duration fallback) {
        return read(
                key,
                fallback,
                Durations.EXPECTED,
                TextNode::valueOf,
                node -> Json.text(node).flatMap(Durations::parse));
    }

    int size(String key, int fallback) {
        return read(
                key,
                fallback,
                Sizes.EXPECTED,
                TextNode::valueOf,
                node -> node.isIntegralNumber()
                        ? Sizes.parse(node.asText())
                        : Json.text(node).flatMap(Sizes::parse));
    }

    <E extends Enum<E>> E choice(String key, E fallback) {
        E[] all = fallback.getDeclaringClass().getEnumConstants();
        String names = Stream.of(all).map(Section::name).collect(Collectors.joining(", "));
        return read(
                key,
                fallback,
                "one of " + names,
                TextNode::valueOf,
                node -> Stream.of(all)
                        .filter(value -> name(value).equals(node.textValue()))
                        .findFirst());
    }

    /** A list in the file; in a variable it has commas. */
    List<String> texts(String key, List<String> fallback) {
        return read(key, fallback, "a list of texts", Json::list, Json::texts);
    }

    Optional<JsonNode> json(String key) {
        return node(key, Json::of);
    }

    /** A mapping whose keys are not ours: a handler's options. */
    ObjectNode options(String key) {
        ObjectNode options = mapping(key).deepCopy();
        String prefix = variablePrefix + VariableName.of(key) + "_";
        // A name that ends in "file" is known to be one only if the settings' file has it.
        for (String variable :
                reading.variablesUnder(prefix, rest -> spelled(options, rest).isPresent())) {
            String rest = variable.substring(prefix.length());
            String option =
                    spelled(options, rest).orElse(rest.toLowerCase(Locale.ROOT).replace('_', '-'));
            reading.variable(variable, pathOf(key) + "." + option)
                    .ifPresent(value -> options.set(option, Json.of(value)));
        }
        return options;
    }

    private static Optional<String> spelled(ObjectNode options, String variable) {
        return Json.keys(options).stream()
                .filter(name -> VariableName.squash(name).equals(VariableName.squash(variable)))
                .findFirst();
    }

    /** A value whose shape the caller looks at. */
    JsonNode any(String key) {
        known.add(key);
        return mapping.path(key);
    }

    /** Reads the mapping under a key, and refuses what it has besides the keys that were read. */
    <T> T child(String key, Function<Section, T> reader) {
        return child(key, variablePrefix + VariableName.of(key) + "_", reader);
    }

    <T> T child(String key, String childPrefix, Function<Section, T> reader) {
        Section child = new Section(reading, pathOf(key), childPrefix, mapping(key));
        T value = reader.apply(child);
        child.refuseUnknownKeys();
        return value;
    }

    /**
     * Makes a record of this section's values. What its constructor refuses is noted, and the constructor called again
     * with the defaults in those places; so it must read its values anew each time.
     */
    <T> T build(Supplier<T> constructor) {
        while (true) {
            try {
                return constructor.get();
            } catch (SettingsException e) {
                if (!reading.addAll(
                        e.faults().stream().map(fault -> fault.within(path)).toList())) {
                    throw reading.failure();
                }
            }
        }
    }

    void refuseUnknownKeys() {
        for (String key : Json.keys(mapping)) {
            if (!known.contains(key)) {
                String hint = Nearest.to(key, known)
                        .map(near -> ", did you mean " + near + "?")
                        .orElse(", expected one of " + String.join(", ", known));
                reading.add(new Fault(pathOf(key), null, "unknown" + hint));
            }
        }
    }

    /** The keys that the file has here. */
    List<String> keys() {
        return Json.keys(mapping);
    }

    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    String variablePrefix() {
        return variablePrefix;
    }

    Reading reading() {
        return reading;
    }

    private ObjectNode mapping(String key) {
        known.add(key);
        JsonNode node = mapping.get(key);
        if (node instanceof ObjectNode object) {
            return object;
        }
        if (node != null && !node.isNull()) {
            reading.add(new Fault(pathOf(key), SECRET.contains(key) ? Json.kind(node) : Json.shown(node), "a mapping"));
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private <T> T read(
            String key,
            T fallback,
            String expected,
            Function<String, JsonNode> fromVariable,
            Function<JsonNode, Optional<T>> convert) {
        Optional<JsonNode> node = node(key, fromVariable);
        if (node.isEmpty() || reading.isFaulty(pathOf(key))) {
            return fallback;
        }
        Optional<T> value = convert.apply(node.get());
        if (value.isEmpty()) {
            reading.add(new Fault(pathOf(key), Json.shown(node.get()), expected));
        }
        return value.orElse(fallback);
    }

    private Optional<JsonNode> node(String key, Function<String, JsonNode> fromVariable) {
        known.add(key);
        return reading.variable(variablePrefix + VariableName.of(key), pathOf(key))
                .map(fromVariable)
                .or(() -> Optional.ofNullable(mapping.get(key)))
                .filter(node -> !node.isNull());
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
