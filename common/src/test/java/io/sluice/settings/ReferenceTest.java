package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    private final Path reference = reference();

    @Test
    void theReferenceIsExactlyTheDefaults() {
        Settings loaded = SettingsLoader.load(reference, Map.of());
        Settings defaults = Settings.defaults();

        assertThat(loaded)
                .isEqualTo(new Settings(
                        defaults.kafka(),
                        defaults.topic(),
                        defaults.defaultType(),
                        defaults.consumer(),
                        defaults.producer(),
                        Map.of("fetch", defaults.type("fetch"))));
    }

    @Test
    void nothingAtAllIsExactlyTheDefaults() {
        assertThat(SettingsLoader.load(null, Map.of("PATH", "/bin"))).isEqualTo(Settings.defaults());
    }

    @Test
    void everyKeyIsInTheReference() {
        ObjectNode nothingButAType = JsonNodeFactory.instance.objectNode();
        nothingButAType.putObject("types").putObject("fetch");
        Reading reading = new Reading(Map.of());
        SettingsLoader.settings(nothingButAType, reading);

        Set<String> written = new TreeSet<>();
        collect("SLUICE_", SettingsFile.read(reference), written);
        written.removeAll(List.of("SLUICE_KAFKA_BOOTSTRAP_SERVERS"));

        assertThat(written).containsExactlyInAnyOrderElementsOf(reading.asked());
    }

    private static void collect(String prefix, ObjectNode mapping, Set<String> variables) {
        mapping.properties().forEach(entry -> {
            String name = prefix + VariableName.of(entry.getKey());
            if (entry.getValue() instanceof ObjectNode nested) {
                collect(name + "_", nested, variables);
            } else {
                variables.add(name);
            }
        });
    }

    private static Path reference() {
        URL url = Objects.requireNonNull(Settings.class.getResource("reference.yaml"));
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
