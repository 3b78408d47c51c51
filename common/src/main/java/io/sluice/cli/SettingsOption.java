package io.sluice.cli;

import io.sluice.settings.Fault;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsException;
import io.sluice.settings.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command's settings come from: a file, and the environment over it. */
public final class SettingsOption {
    public static final String BROKER = "SLUICE_KAFKA_BOOTSTRAP_SERVERS";
    public static final String HTTP_PORT = "SLUICE_PRODUCER_PORT";

    private static final Path DEFAULT_FILE = Path.of("sluice.yaml");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The settings; sluice.yaml if there is one. SLUICE_… variables go over it.")
    private @Nullable Path file;

    /**
     * Reads them.
     *
     * @param overrides variables that go over everything else
     * @throws UsageFault with every fault
     */
    public Settings load(Map<String, String> overrides) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        overrides.keySet().forEach(name -> environment.remove(name + "_FILE"));
        environment.putAll(overrides);
        try {
            return SettingsLoader.load(file(environment), environment);
        } catch (SettingsException e) {
            throw new UsageFault(e.faults().stream()
                    .map(Fault::message)
                    .collect(Collectors.joining("\n  ", "these settings cannot work:\n  ", "")));
        }
    }

    private @Nullable Path file(Map<String, String> environment) {
        if (file != null) {
            return file;
        }
        String named = environment.get("SLUICE_CONFIG");
        if (named != null) {
            return Path.of(named);
        }
        return Files.exists(DEFAULT_FILE) ? DEFAULT_FILE : null;
    }
}
