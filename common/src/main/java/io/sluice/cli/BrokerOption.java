package io.sluice.cli;

import io.sluice.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The settings of a command that talks to a broker elsewhere. */
public final class BrokerOption {
    @Mixin
    private SettingsOption settings = new SettingsOption();

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "The Kafka broker, over kafka.bootstrap.servers of the settings.")
    private @Nullable String bootstrap;

    /** @throws UsageFault with every fault */
    public Settings load() {
        return load(Map.of());
    }

    /** @param overrides variables that go over everything else */
    public Settings load(Map<String, String> overrides) {
        Map<String, String> all = new HashMap<>(overrides);
        if (bootstrap != null) {
            all.put(SettingsOption.BROKER, bootstrap);
        }
        return settings.load(all);
    }
}
