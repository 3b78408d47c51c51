package io.sluice.settings;

/**
 * Where a producer takes tasks in, and how much of them.
 *
 * @param host the address that its HTTP server listens on
 * @param port the port, or 0 for any that is free
 * @param maxBuffered the most tasks that wait for the broker's acknowledgement; beyond it new ones are refused
 * @param maxBodyBytes the largest request body
 */
public record ProducerSettings(String host, int port, int maxBuffered, int maxBodyBytes) {
    /** @throws SettingsException if the host is empty, the port is none, or a limit is below 1 */
    public ProducerSettings {
        new Checks()
                .expect(!host.isBlank(), "host", "\"" + host + "\"", "an address to listen on")
                .expect(port >= 0 && port <= 65_535, "port", Integer.toString(port), "0 to 65535")
                .atLeast("max-buffered", maxBuffered, 1)
                .atLeast("max-body", maxBodyBytes, 1)
                .finish();
    }

    static ProducerSettings defaults() {
        return new ProducerSettings("127.0.0.1", 8080, 10_000, 1 << 20);
    }
}
