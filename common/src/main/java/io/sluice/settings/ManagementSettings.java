package io.sluice.settings;

import java.util.OptionalInt;

/**
 * Where a service tells of its health and of what it measures. Nobody is asked who they are there.
 *
 * @param host the address that its HTTP server listens on
 * @param port the port, or 0 for any that is free; empty for no such server
 */
public record ManagementSettings(String host, OptionalInt port) {
    /** @throws SettingsException if the host is empty, or the port is none */
    public ManagementSettings {
        new Checks()
                .expect(!host.isBlank(), "host", "\"" + host + "\"", "an address to listen on")
                .expect(
                        port.orElse(0) >= 0 && port.orElse(0) <= 65_535,
                        "port",
                        Integer.toString(port.orElse(0)),
                        "0 to 65535")
                .finish();
    }

    static ManagementSettings defaults() {
        return new ManagementSettings("127.0.0.1", OptionalInt.empty());
    }
}
