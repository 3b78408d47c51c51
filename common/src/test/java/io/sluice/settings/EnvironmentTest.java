package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {
    @Test
    void theEnvironmentGoesOverTheFile() {
        Settings settings = Loading.settings(
                "topic: a\nconsumer: {max-in-flight: 20, group: g}\n",
                Map.of("SLUICE_TOPIC", "2026", "SLUICE_CONSUMER_MAX_IN_FLIGHT", "50"));

        assertThat(settings.topic()).isEqualTo("2026");
        assertThat(settings.consumer().limits().maxInFlight()).isEqualTo(50);
        assertThat(settings.consumer().group()).isEqualTo("g");
    }

    @Test
    void everyKindOfValueCanBeAVariable() {
        Settings settings = Loading.settings(
                "",
                Map.of(
                        "SLUICE_DEFAULT_TYPE", "http",
                        "SLUICE_CONSUMER_GROUP_PROTOCOL", "classic",
                        "SLUICE_CONSUMER_STOP_GRACE", "1s",
                        "SLUICE_PRODUCER_MAX_BODY", "2MB",
                        "SLUICE_TYPES_FETCH_RETRY_MAX_ATTEMPTS", "9",
                        "SLUICE_TYPES_FETCH_RETRY_FACTOR", "3",
                        "SLUICE_TYPES_FETCH_RETRY_PERMANENT", "a.B, a.C$D"));

        assertThat(settings.defaultType()).isEqualTo("http");
        assertThat(settings.consumer().groupProtocol()).isEqualTo(GroupProtocol.CLASSIC);
        assertThat(settings.consumer().stopping().stopGrace()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.producer().http().maxBodyBytes()).isEqualTo(2 << 20);
        assertThat(settings.type("fetch").retry().maxAttempts()).isEqualTo(9);
        assertThat(settings.type("fetch").retry().backoff().factor()).isEqualTo(3.0);
        assertThat(settings.type("fetch").retry().permanent()).containsExactly("a.B", "a.C$D");
    }

    @Test
    void anUnderscoreIsADotInKafkasProperties() {
        Settings settings = Loading.settings(
                "kafka: {client.id: file}",
                Map.of("SLUICE_KAFKA_BOOTSTRAP_SERVERS", "broker:9092", "SLUICE_KAFKA_CLIENT_ID", "variable"));

        assertThat(settings.kafka())
                .containsEntry("bootstrap.servers", "broker:9092")
                .containsEntry("client.id", "variable");
    }

    @ParameterizedTest
    @CsvSource({
        "SLUICE_TYPES_FETCH_TIMEOUT, fetch",
        "SLUICE_TYPES_HTTP_TIMEOUT, http",
        "SLUICE_TYPES_RESIZE_IMAGE_TIMEOUT, resize.image",
        "SLUICE_TYPES_RESIZEIMAGE_TIMEOUT, resize.image",
        "SLUICE_TYPES_SENDMAIL_TIMEOUT, sendMail",
        "SLUICE_TYPES_NEW_ONE_TIMEOUT, new_one",
    })
    void typesAreFoundWhateverTheirCaseAndPunctuation(String variable, String type) {
        Settings settings =
                Loading.settings("types: {resize.image: {results: none}, sendMail: }", Map.of(variable, "7s"));

        assertThat(settings.types()).containsKey(type);
        assertThat(settings.type(type).timeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aTypeWithAVariableKeepsItsSettingsOfTheFile() {
        Settings settings = Loading.settings(
                "types: {resize.image: {results: none}}", Map.of("SLUICE_TYPES_RESIZE_IMAGE_TIMEOUT", "7s"));

        assertThat(settings.types()).containsOnlyKeys("resize.image");
        assertThat(settings.type("resize.image").answers().results()).isEqualTo(Results.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[1, 2]|[1,2]", "{\"a\": 1}|{\"a\":1}", "plain text|\"plain text\"", "5|5", "\"5\"|\"5\""})
    void theDefaultOfATimeoutIsJsonOrText(String value, String json) {
        Settings settings = Loading.environment("SLUICE_TYPES_FETCH_ON_TIMEOUT_DEFAULT", value);

        assertThat(settings.type("fetch").answers().onTimeoutDefault()).hasToString(json);
    }

    @Test
    void optionsAreJsonOrText() {
        Settings settings = Loading.settings(
                "types: {http: {options: {userAgent: a, url: b}}}",
                Map.of(
                        "SLUICE_TYPES_HTTP_OPTIONS_USER_AGENT", "sluice",
                        "SLUICE_TYPES_HTTP_OPTIONS_CONNECT_TIMEOUT", "5",
                        "SLUICE_TYPES_FETCH_OPTIONS_TIMEOUT", "{\"a\":1}"));

        assertThat(settings.type("http").options())
                .hasToString("{\"userAgent\":\"sluice\",\"url\":\"b\",\"connect-timeout\":5}");
        assertThat(settings.type("fetch").options()).hasToString("{\"timeout\":{\"a\":1}}");
        assertThat(settings.types()).containsOnlyKeys("fetch", "http");
    }

    @ParameterizedTest
    @CsvSource({
        "SLUICE_CONSUMER_MAX_INFLIGHT, SLUICE_CONSUMER_MAX_IN_FLIGHT",
        "SLUICE_TOPICS, SLUICE_TOPIC",
        "SLUICE_CONFG, SLUICE_CONFIG",
        "SLUICE_TYPES_FETCH_TIMEOT, SLUICE_TYPES_FETCH_TIMEOUT",
        "SLUICE_TYPES_HTTP_RETRY_ATTEMPTS, SLUICE_TYPES_HTTP_RETRY_MAX_ATTEMPTS",
    })
    void anUnknownVariableIsRefusedWithTheNearestOne(String unknown, String known) {
        assertThat(Loading.faults("", Map.of(unknown, "1")))
                .containsExactly(unknown + ": unknown, did you mean " + known + "?");
    }

    @Test
    void aVariableLikeNoneIsJustUnknown() {
        assertThat(Loading.faults("", Map.of("SLUICE_X", "1"))).containsExactly("SLUICE_X: unknown to Sluice");
    }

    @Test
    void theVariablesOfTheProcessAreLeftAlone() {
        Settings settings = Loading.settings(
                "",
                Map.of(
                        "SLUICE_CONFIG", "a.yaml",
                        "SLUICE_JAVA_OPTS", "-Xmx1g",
                        "SLUICE_LOG_FORMAT", "json",
                        "SLUICE_LOG_LEVEL", "DEBUG"));

        assertThat(settings).isEqualTo(Settings.defaults());
        assertThat(SettingsLoader.RESERVED_VARIABLES)
                .containsExactlyInAnyOrder(
                        "SLUICE_CONFIG", "SLUICE_JAVA_OPTS", "SLUICE_LOG_FORMAT", "SLUICE_LOG_LEVEL");
    }

    @Test
    void anEmptyVariableIsNotSet() {
        assertThat(Loading.settings("", Map.of("SLUICE_TOPIC", "", "SLUICE_WHATEVER", "")))
                .isEqualTo(Settings.defaults());
    }

    @Test
    void theLinksToServicesThatAClusterSetsAreLeftAlone() {
        Settings settings = Loading.settings(
                "",
                Map.of(
                        "SLUICE_PORT", "tcp://10.0.0.1:8080",
                        "SLUICE_SERVICE_HOST", "10.0.0.1",
                        "SLUICE_PRODUCER_PORT", "tcp://10.0.0.2:8080",
                        "SLUICE_PRODUCER_SERVICE_PORT_HTTP", "8080",
                        "SLUICE_PRODUCER_PORT_8080_TCP_ADDR", "10.0.0.2"));

        assertThat(settings).isEqualTo(Settings.defaults());
    }

    @Test
    void aFaultThatCameFromAVariableNamesIt() {
        assertThat(Loading.faults(
                        "consumer: {max-in-flight: 20}",
                        Map.of(
                                "SLUICE_CONSUMER_MAX_IN_FLIGHT", "many",
                                "SLUICE_PRODUCER_PORT", "70000",
                                "SLUICE_TYPES_FETCH_TIMEOUT", "10m",
                                "SLUICE_KAFKA_ACKS", "1")))
                .containsExactlyInAnyOrder(
                        "consumer.max-in-flight (SLUICE_CONSUMER_MAX_IN_FLIGHT): found \"many\", expected a whole number",
                        "producer.port (SLUICE_PRODUCER_PORT): found 70000, expected 0 to 65535",
                        "kafka.acks (SLUICE_KAFKA_ACKS): refused: always all, because a task is settled only when its records are safe",
                        "types.fetch.timeout (SLUICE_TYPES_FETCH_TIMEOUT): found 10m, expected at most 285s: shorten it or raise"
                                + " kafka.max.poll.interval.ms (300000), which must cover it, consumer.stop-grace (5s) and a margin of 10s");
    }
}
