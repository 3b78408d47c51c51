package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values in files that variables name. */
class FileVariablesTest {
    private static final String SECRET = "canary";

    @TempDir
    Path folder;

    private String file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "value", null), content)
                .toString();
    }

    @Test
    void everyVariableCanBeInAFile() throws IOException {
        Settings settings = Loading.settings(
                "consumer: {group: g}",
                Map.of(
                        "SLUICE_TOPIC_FILE", file("orders"),
                        "SLUICE_CONSUMER_GROUP_FILE", file("h"),
                        "SLUICE_CONSUMER_MAX_IN_FLIGHT_FILE", file("50"),
                        "SLUICE_KAFKA_SASL_JAAS_CONFIG_FILE", file("a login;"),
                        "SLUICE_TYPES_FETCH_TIMEOUT_FILE", file("7s"),
                        "SLUICE_TYPES_NEW_ONE_RETRY_MAX_ATTEMPTS_FILE", file("3"),
                        "SLUICE_TYPES_HTTP_OPTIONS_URL_FILE", file("http://worker/"),
                        "SLUICE_TYPES_HTTP_OPTIONS_HEADERS_FILE", file("{\"authorization\": \"Bearer x\"}\n")));

        assertThat(settings.topic()).isEqualTo("orders");
        assertThat(settings.consumer().group()).isEqualTo("h");
        assertThat(settings.consumer().limits().maxInFlight()).isEqualTo(50);
        assertThat(settings.kafka())
                .containsEntry("sasl.jaas.config", "a login;")
                .hasSize(2);
        assertThat(settings.type("fetch").timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.type("new_one").retry().maxAttempts()).isEqualTo(3);
        assertThat(settings.type("http").options())
                .hasToString("{\"headers\":{\"authorization\":\"Bearer x\"},\"url\":\"http://worker/\"}");
        assertThat(settings.types()).containsOnlyKeys("fetch", "new_one", "http");
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"a,a", "'a\n',a", "'a\r\n',a", "'a\n\n','a\n'", "' a ',' a '", "'a\nb\n','a\nb'"})
    void oneNewlineAtTheEndIsNotOfTheValue(String content, String value) throws IOException {
        assertThat(Loading.environment("SLUICE_KAFKA_SSL_KEY_PASSWORD_FILE", file(content))
                        .kafka())
                .containsEntry("ssl.key.password", value);
    }

    @Test
    void bothVariableAndFileAreAFault() throws IOException {
        assertThat(Loading.faults(
                        "",
                        Map.of(
                                "SLUICE_KAFKA_SSL_KEY_PASSWORD",
                                SECRET,
                                "SLUICE_KAFKA_SSL_KEY_PASSWORD_FILE",
                                file(SECRET),
                                "SLUICE_TOPIC",
                                SECRET,
                                "SLUICE_TOPIC_FILE",
                                file(SECRET))))
                .containsExactlyInAnyOrder(
                        "SLUICE_KAFKA_SSL_KEY_PASSWORD_FILE: given beside SLUICE_KAFKA_SSL_KEY_PASSWORD, only one of them may be",
                        "SLUICE_TOPIC_FILE: given beside SLUICE_TOPIC, only one of them may be");
    }

    @Test
    void aFileThatCannotBeReadIsAFaultWithItsVariableAndPathAndTheOthers() throws IOException {
        Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
        String empty = file("\n");
        Path latin = Files.write(folder.resolve("latin"), "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Loading.faults(
                        "nonsense: 1",
                        Map.of(
                                "SLUICE_TOPIC_FILE", folder + "/missing",
                                "SLUICE_KAFKA_CLIENT_ID_FILE", folder.toString(),
                                "SLUICE_KAFKA_SASL_JAAS_CONFIG_FILE", large.toString(),
                                "SLUICE_TYPES_HTTP_OPTIONS_URL_FILE", latin.toString(),
                                "SLUICE_CONSUMER_GROUP_FILE", empty)))
                .containsExactlyInAnyOrder(
                        "nonsense: unknown, did you mean consumer?",
                        "SLUICE_TOPIC_FILE: cannot take the value from the file " + folder + "/missing: no such file",
                        "SLUICE_KAFKA_CLIENT_ID_FILE: cannot take the value from the file " + folder
                                + ": it is a directory",
                        "SLUICE_KAFKA_SASL_JAAS_CONFIG_FILE: cannot take the value from the file " + large
                                + ": it has more than 1048576 bytes",
                        "SLUICE_TYPES_HTTP_OPTIONS_URL_FILE: cannot take the value from the file " + latin
                                + ": it is not UTF-8 text",
                        "SLUICE_CONSUMER_GROUP_FILE: cannot take the value from the file " + empty + ": it is empty");
    }

    @Test
    void settingsWhoseOwnNameEndsInFileStayThemselves() throws IOException {
        Settings settings = Loading.settings(
                "types: {mail: {options: {keyFile: a}}}",
                Map.of(
                        "SLUICE_PRODUCER_TOKENS_FILE", "tokens.txt",
                        "SLUICE_KAFKA_SASL_OAUTHBEARER_ASSERTION_FILE", "/run/assertion",
                        "SLUICE_TYPES_MAIL_OPTIONS_KEY_FILE", "/run/key",
                        "SLUICE_TYPES_MAIL_OPTIONS_FILE", "letters.txt"));

        assertThat(settings.producer().listen().tokens()).isEqualTo(Path.of("tokens.txt"));
        assertThat(settings.kafka()).containsEntry("sasl.oauthbearer.assertion.file", "/run/assertion");
        assertThat(settings.type("mail").options()).hasToString("{\"keyFile\":\"/run/key\",\"file\":\"letters.txt\"}");
    }

    @Test
    void theyCanBeInFilesThemselves() throws IOException {
        Settings settings = Loading.settings(
                "types: {mail: {options: {keyFile: a}}}",
                Map.of(
                        "SLUICE_PRODUCER_TOKENS_FILE_FILE", file("tokens.txt"),
                        "SLUICE_KAFKA_SASL_OAUTHBEARER_ASSERTION_FILE_FILE", file("/run/assertion"),
                        "SLUICE_TYPES_MAIL_OPTIONS_KEY_FILE_FILE", file("/run/key")));

        assertThat(settings.producer().listen().tokens()).isEqualTo(Path.of("tokens.txt"));
        assertThat(settings.kafka()).containsEntry("sasl.oauthbearer.assertion.file", "/run/assertion");
        assertThat(settings.type("mail").options()).hasToString("{\"keyFile\":\"/run/key\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SLUICE_CONSUMER_MAX_IN_FLIGHT",
                "SLUICE_CONSUMER_GROUP_PROTOCOL",
                "SLUICE_CONSUMER_STOP_GRACE",
                "SLUICE_PRODUCER_MAX_BODY",
                "SLUICE_PRODUCER_ALLOW_INSECURE",
                "SLUICE_TYPES_FETCH_RETRY_FACTOR",
                "SLUICE_KAFKA_REQUEST_TIMEOUT_MS",
                "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                "SLUICE_KAFKA_SECURITY_PROTOCOL",
                "SLUICE_KAFKA_NONSENSE"
            })
    void whatIsInAFileIsNotShownWhereItIsWrong(String variable) throws IOException {
        assertThat(Loading.faults("", Map.of(variable + "_FILE", file(SECRET + "\n" + SECRET))))
                .singleElement()
                .asString()
                .contains("(" + variable + "_FILE)")
                .doesNotContain(SECRET);
    }

    @Test
    void anUnknownOneIsRefusedWithTheNearest() throws IOException {
        assertThat(Loading.faults("", Map.of("SLUICE_TOPICS_FILE", file("a"))))
                .containsExactly("SLUICE_TOPICS_FILE: unknown, did you mean SLUICE_TOPIC_FILE?");
    }
}
