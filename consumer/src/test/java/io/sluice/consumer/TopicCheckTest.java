package io.sluice.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicCheckTest {
    private static Settings settings(Map<String, String> kafka) {
        Settings defaults = Settings.defaults();
        Map<String, String> all = new HashMap<>(Map.of("request.timeout.ms", "300", "default.api.timeout.ms", "500"));
        all.putAll(kafka);
        return new Settings(
                all, defaults.topic(), defaults.defaultType(), defaults.consumer(), defaults.producer(), Map.of());
    }

    private static String freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    @Test
    void aBrokerThatIsAwayIsNamedInOneLine() throws IOException {
        String address = freeAddress();

        assertThatThrownBy(() -> TopicCheck.run(settings(Map.of("bootstrap.servers", address))))
                .isInstanceOf(ConsumerFailed.class)
                .hasMessageContaining("no Kafka broker answers at " + address)
                .hasMessageContaining("kafka.bootstrap.servers")
                .hasMessageNotContaining("\n");
        Tests.await().until(() -> Tests.threads("kafka-admin-client-thread") == 0);
    }

    @Test
    void aBrokerThatTakesTheConnectionAndSaysNothingIsGivenUpInTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            long begun = System.nanoTime();

            assertThatThrownBy(() -> TopicCheck.run(
                            settings(Map.of("bootstrap.servers", address, "default.api.timeout.ms", "20000")),
                            Duration.ofMillis(100)))
                    .isInstanceOf(ConsumerFailed.class)
                    .hasMessageContaining("no Kafka broker answers at " + address);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void aHostThatDoesNotExistIsNamedInOneLine() {
        assertThatThrownBy(() -> TopicCheck.run(settings(Map.of("bootstrap.servers", "no-such-host.invalid:9092"))))
                .isInstanceOf(ConsumerFailed.class)
                .hasMessageContaining("bootstrap")
                .hasMessageNotContaining("\n");
    }
}
