package io.sluice.producer.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where no broker is, one line says so, and soon. */
class DestinationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Test
    void whereNothingListensNoKafkaClientIsEvenMade() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String broker = "127.0.0.1:" + port;

        assertThatThrownBy(() -> Destination.find(at(broker), List.of("tasks"), PATIENCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no Kafka broker answers at " + broker
                        + " within 1 s (Connection refused). Start one, or name another with --bootstrap");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().contains("sluice-submit-check"));
    }

    @Test
    void whatListensAndIsNoBrokerIsToldApart() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            Destination.find(at("127.0.0.1:" + silent.getLocalPort()), List.of("tasks"), PATIENCE))
                    .hasMessageContaining("something listens there, but does not answer as a broker does");
        }
    }

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        assertThatThrownBy(() -> Destination.find(at("no-such-host.invalid:9092"), List.of("tasks"), PATIENCE))
                .hasMessageContaining("(unknown host no-such-host.invalid)");
    }

    @Test
    void settingsThatNoClientCanBeMadeOfAreSaidToBeSo() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Settings settings = SettingsLoader.load(
                    null,
                    Map.of(
                            "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                            "127.0.0.1:" + silent.getLocalPort(),
                            "SLUICE_KAFKA_SECURITY_PROTOCOL",
                            "SASL_PLAINTEXT"));

            assertThatThrownBy(() -> Destination.find(settings, List.of("tasks"), PATIENCE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("the Kafka settings do not work: Could not find a 'KafkaClient' entry");
        }
    }

    private static Settings at(String broker) {
        return SettingsLoader.load(null, Map.of("SLUICE_KAFKA_BOOTSTRAP_SERVERS", broker));
    }
}
