package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
    @Test
    void aDeliveryMayTakeWhatTheSettingsSayAndNeverLessThanARequest() {
        assertThat(KafkaClients.deliveryTimeout(Map.of())).isEqualTo(Duration.ofMinutes(2));
        assertThat(KafkaClients.deliveryTimeout(Map.of("delivery.timeout.ms", " 45000 ")))
                .isEqualTo(Duration.ofSeconds(45));
        assertThat(KafkaClients.deliveryTimeout(Map.of("request.timeout.ms", "180000", "linger.ms", "100")))
                .isEqualTo(Duration.ofMillis(180_100));
    }

    @Test
    void whatIsNoNumberIsLeftToTheClientToRefuse() {
        assertThat(KafkaClients.deliveryTimeout(Map.of("delivery.timeout.ms", "soon")))
                .isEqualTo(Duration.ofMinutes(2));
    }
}
