package io.sluice.producer.submit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.record.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a submission was begun with, and must be resumed with.
 *
 * @param sha256 of the file's content
 * @param cluster the id of the Kafka cluster
 * @param topic that the tasks go to
 * @param options those that shape tasks, by their names, as they were given
 * @param started when it was begun
 * @param tasks how many the file has
 */
record JournalHeader(
        String sha256, String cluster, String topic, Map<String, String> options, Instant started, long tasks) {
    JournalHeader {
        options = Map.copyOf(options);
    }

    /** Each difference that makes the tasks of the other one not those of this one, in words. */
    List<String> differences(JournalHeader earlier) {
        List<String> found = new ArrayList<>();
        if (!sha256.equals(earlier.sha256)) {
            found.add("the file has been changed since");
        }
        if (!topic.equals(earlier.topic)) {
            found.add("the topic was " + earlier.topic + " and is " + topic);
        }
        if (!cluster.equals(earlier.cluster)) {
            found.add("the Kafka cluster was " + earlier.cluster + " and is " + cluster);
        }
        TreeSet<String> names = new TreeSet<>(options.keySet());
        names.addAll(earlier.options.keySet());
        for (String name : names) {
            String before = earlier.options.getOrDefault(name, "not given");
            String now = options.getOrDefault(name, "not given");
            if (!before.equals(now)) {
                found.add(name + " was " + before + " and is " + now);
            }
        }
        return found;
    }

    String toJson() {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("sha256", sha256).put("cluster", cluster).put("topic", topic);
        ObjectNode given = json.putObject("options");
        new TreeMap<>(options).forEach(given::put);
        return json.put("started", started.toString()).put("tasks", tasks).toString();
    }

    /** Empty if the text is none. */
    static Optional<JournalHeader> read(String text) {
        try {
            JsonNode json = Json.mapper().readTree(text);
            Map<String, String> options = new TreeMap<>();
            json.path("options")
                    .properties()
                    .forEach(option ->
                            options.put(option.getKey(), option.getValue().asText()));
            return Optional.of(new JournalHeader(
                    json.path("sha256").asText(),
                    json.path("cluster").asText(),
                    json.path("topic").asText(),
                    options,
                    Instant.parse(json.path("started").asText()),
                    json.path("tasks").asLong()));
        } catch (IOException | DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
