package io.sluice.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a producer takes tasks in over HTTP, and from whom.
 *
 * @param host the address that its HTTP server listens on
 * @param port the port, or 0 for any that is free
 * @param tokens the file of the tokens that requests must bear; null when they need none
 * @param certificate the file of the certificates, in PEM, that it shows over TLS; null for plain HTTP
 * @param key the file of the certificate's private key, in PEM; null for plain HTTP
 * @param allowInsecure whether it may listen beyond this machine without tokens or without TLS
 */
public record Listen(
        String host,
        int port,
        @Nullable Path tokens,
        @Nullable Path certificate,
        @Nullable Path key,
        boolean allowInsecure) {

    /** @throws SettingsException if the host is empty, the port is none, or of certificate and key one is missing */
    public Listen {
        new Checks()
                .expect(!host.isBlank(), "host", "\"" + host + "\"", "an address to listen on")
                .expect(port >= 0 && port <= 65_535, "port", Integer.toString(port), "0 to 65535")
                .expect(key == null || certificate != null, "tls-key", String.valueOf(key), "tls-certificate, too")
                .expect(
                        certificate == null || key != null,
                        "tls-certificate",
                        String.valueOf(certificate),
                        "tls-key, too")
                .finish();
    }

    static Listen defaults() {
        return new Listen("127.0.0.1", 8080, null, null, null, false);
    }
}
