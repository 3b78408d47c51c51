package io.sluice.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;

/** Loads settings from a text, as from a file. */
final class Loading {
    private Loading() {}

    static Settings settings(String yaml) {
        return settings(yaml, Map.of());
    }

    static Settings settings(String yaml, Map<String, String> environment) {
        try {
            Path file = Files.createTempFile("sluice", ".yaml");
            try {
                return SettingsLoader.load(Files.writeString(file, yaml), environment);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Settings environment(String name, String value) {
        return settings("", Map.of(name, value));
    }

    static List<String> faults(String yaml) {
        return faults(yaml, Map.of());
    }

    static List<String> faults(String yaml, Map<String, String> environment) {
        SettingsException refused =
                Assertions.catchThrowableOfType(SettingsException.class, () -> settings(yaml, environment));
        return refused == null
                ? List.of()
                : refused.faults().stream().map(Fault::message).toList();
    }
}
