package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be a password is in no message and no text. */
class SecretsTest {
    private static final String SECRET = "canary";

    @Test
    void settingsAsTextHaveNoValuesOfKafkaPropertiesAndOptions() {
        Settings settings = Loading.settings("""
                kafka: {sasl.jaas.config: canary, ssl.key.password: canary}
                types: {http: {options: {url: "http://u:canary@w/", headers: {authorization: canary}}}}
                """);

        assertThat(settings.type("http").options().toString()).contains(SECRET);
        assertThat(settings.toString() + settings.type("http"))
                .contains("sasl.jaas.config", "headers", "url")
                .doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka: canary",
                "kafka: [canary]",
                "kafka: {sasl.jaas.config: [canary]}",
                "kafka: {sasl.jaas.confg: canary}",
                "kafka: {sasl: {jaas: {config: canary}}, sasl.jaas.config: canary}",
                "kafka: {bootstrap.servers: 'https://user:canary@host'}",
                "kafka: {password: canary}",
                "types: {http: {options: canary}}",
                "types: {http: {options: [canary]}}",
                "kafka: {ssl.key.password: *canary}",
                "kafka: {ssl.key.password: !canary}",
                "kafka: {ssl.key.password: !!canary x}",
                "kafka: {ssl.key.password: !x!canary x}",
                "kafka: {ssl.key.password: \"canary}",
                "kafka: {ssl.key.password: %canary}",
                "kafka: {ssl.key.password: @canary}",
                "kafka: {ssl.key.password: canary: x}",
                "kafka: {ssl.key.password: 'canary'x}",
                "kafka: {ssl.key.password: &canary}",
                "kafka: {ssl.key.password: |canary}",
                "kafka: {ssl.key.password: \"\\canary\"}"
            })
    void faultsOfThemHaveNot(String yaml) {
        assertThat(Loading.faults(yaml + "\nnonsense: 1"))
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault).doesNotContain(SECRET));
    }

    @Test
    void aVariableThatIsUnknownIsNamedWithoutItsValue() {
        assertThat(Loading.faults("", Map.of("SLUICE_KAFKA_SASL_JAAS_CONFG", SECRET, "SLUICE_PASSWORD", SECRET)))
                .hasSize(2)
                .allSatisfy(fault -> assertThat(fault).doesNotContain(SECRET));
    }
}
