package io.sluice.standalone.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A broker that talks TLS only, with a certificate that it has signed itself, and only to who has the password (SASL's PLAIN).
 *
 * @param folder has the certificate; it is the test's
 */
public record SecuredBroker(EmbeddedBroker broker, Path folder) implements AutoCloseable {
    /** The password of the user {@code sluice}: to be found nowhere else. */
    public static final String PASSWORD = "canary-of-sasl";

    /** The password of the file with the certificate. */
    public static final String STORE_PASSWORD = "canary-of-tls";

    private static final String LISTENER = "listener.name.sasl_ssl.";

    public static SecuredBroker open(Path folder) throws Exception {
        Path store = folder.resolve("broker.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        STORE_PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
        Map<String, String> security = Map.ofEntries(
                Map.entry("ssl.keystore.location", store.toString()),
                Map.entry("ssl.keystore.type", "PKCS12"),
                Map.entry("ssl.keystore.password", STORE_PASSWORD),
                Map.entry("ssl.truststore.location", store.toString()),
                Map.entry("ssl.truststore.type", "PKCS12"),
                Map.entry("ssl.truststore.password", STORE_PASSWORD),
                Map.entry("sasl.enabled.mechanisms", "PLAIN"),
                Map.entry("sasl.mechanism.inter.broker.protocol", "PLAIN"),
                Map.entry(
                        LISTENER + "plain.sasl.jaas.config",
                        login(PASSWORD).replace(";", " user_sluice=\"" + PASSWORD + "\";")));
        BrokerSettings settings = new BrokerSettings("localhost", Ports.free(), "SASL_SSL", security);
        return new SecuredBroker(EmbeddedBroker.start(settings, DataFolder.temporary()), folder);
    }

    /** The variables of a client that may come in, its secrets in files. */
    public Map<String, String> client() throws IOException {
        Map<String, String> variables = new HashMap<>();
        variables.put("SLUICE_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        variables.put("SLUICE_KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        variables.put("SLUICE_KAFKA_SASL_MECHANISM", "PLAIN");
        variables.put("SLUICE_KAFKA_SASL_JAAS_CONFIG_FILE", file("jaas", login(PASSWORD)));
        variables.put(
                "SLUICE_KAFKA_SSL_TRUSTSTORE_LOCATION",
                folder.resolve("broker.p12").toString());
        variables.put("SLUICE_KAFKA_SSL_TRUSTSTORE_TYPE", "PKCS12");
        variables.put("SLUICE_KAFKA_SSL_TRUSTSTORE_PASSWORD_FILE", file("store", STORE_PASSWORD));
        return variables;
    }

    /** A file of this content, as a secret is mounted. */
    public String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content + "\n").toString();
    }

    public static String login(String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"sluice\" password=\""
                + password + "\";";
    }

    @Override
    public void close() {
        broker.close();
    }
}
