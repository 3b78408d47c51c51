package io.sluice.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads what is under {@code kafka:} as flat properties: nested mappings become dotted keys, and so do the underscores of
 * variables.
 */
final class KafkaReader {
    private final Reading reading;
    private final Map<String, String> properties = new LinkedHashMap<>();

    private KafkaReader(Reading reading) {
        this.reading = reading;
    }

    static Map<String, String> read(Section section) {
        KafkaReader reader = new KafkaReader(section.reading());
        for (String key : section.keys()) {
            reader.add(section.pathOf(key), key, section.any(key));
        }
        for (String variable : section.reading()
                .variablesUnder(section.variablePrefix(), rest -> KafkaProperties.isKnown(key(rest)))) {
            String key = key(variable.substring(section.variablePrefix().length()));
            section.reading()
                    .variable(variable, section.pathOf(key))
                    .ifPresent(value -> reader.properties.put(key, value));
        }
        KafkaProperties.DEFAULTS.forEach(reader.properties::putIfAbsent);
        return reader.properties;
    }

    private static String key(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private void add(String path, String key, JsonNode node) {
        if (node instanceof ObjectNode nested) {
            nested.properties()
                    .forEach(entry -> add(path + "." + entry.getKey(), key + "." + entry.getKey(), entry.getValue()));
        } else if (node.isArray()) {
            // The items are not shown: they may be secrets.
            reading.add(new Fault(path, "a list", "text, with commas between several"));
        } else if (node.isValueNode() && !node.isNull() && properties.put(key, node.asText()) != null) {
            reading.add(new Fault(path, null, "given twice, nested and with dots"));
        }
    }
}
