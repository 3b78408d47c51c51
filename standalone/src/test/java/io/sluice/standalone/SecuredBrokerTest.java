package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.standalone.broker.SecuredBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real commands on a broker with TLS and passwords; all that they say is searched for these. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredBrokerTest {
    private static final String TOKEN = "canary-of-http";

    @TempDir
    static Path secrets;

    private static SecuredBroker broker;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() throws Exception {
        broker = SecuredBroker.open(secrets);
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    private record Said(int exitCode, String out, String err) {}

    private Said run(Map<String, String> variables, String... arguments) throws Exception {
        try (CommandProcess process = CommandProcess.start(folder, variables, arguments)) {
            int exitCode = process.exitCode();
            return new Said(exitCode, process.out(), withoutSecrets(process));
        }
    }

    /** What it wrote to stderr; neither there nor in its output is a secret. */
    private static String withoutSecrets(CommandProcess process) {
        assertThat(process.out() + process.err()).doesNotContain("canary");
        return process.err();
    }

    /** Those of a client that may come in, with a token for a worker, and as much log as there is by a setting. */
    private static Map<String, String> variables() throws IOException {
        Map<String, String> variables = new HashMap<>(broker.client());
        variables.putAll(StubSite.ALLOWED);
        variables.put("SLUICE_TYPES_HTTP_OPTIONS_URL", "http://127.0.0.1:1/?token=" + TOKEN);
        variables.put(
                "SLUICE_TYPES_HTTP_OPTIONS_HEADERS_FILE",
                broker.file("headers", "{\"authorization\":\"Bearer " + TOKEN + "\"}"));
        variables.put("SLUICE_TYPES_HTTP_RETRY_MAX_ATTEMPTS", "1");
        return variables;
    }

    @Test
    @Order(1)
    void theWholePipelineRunsOverTlsWithAPasswordFromAFile() throws Exception {
        Map<String, String> variables = variables();
        Said missing = run(variables, "topics", "check");
        assertThat(missing.exitCode()).as(missing.err()).isNotZero();
        assertThat(missing.out() + missing.err())
                .contains("kafka-topics.sh --bootstrap-server "
                        + broker.broker().bootstrapServers() + " --command-config client.properties --create");
        Said created = run(variables, "topics", "create", "--partitions", "2");
        assertThat(created.exitCode()).as(created.err()).isZero();

        try (StubSite site = new StubSite();
                CommandProcess consumer = CommandProcess.start(folder, variables, "consumer");
                CommandProcess producer = CommandProcess.start(folder, variables, "producer", "--port", "0")) {
            consumer.awaitErr("Consuming '");
            producer.awaitErr("/v1/tasks");
            Path file = Files.writeString(
                    folder.resolve("tasks.ndjson"),
                    "{\"type\":\"fetch\",\"key\":\"a\",\"payload\":{\"url\":\"" + site.url("/page") + "\"}}\n"
                            + "{\"type\":\"http\",\"key\":\"b\",\"payload\":{}}\n");
            Path out = folder.resolve("results.ndjson");
            Said submit = run(variables, "submit", file.toString(), "--wait", "--out", out.toString());
            assertThat(submit.err()).contains("1 succeeded, 1 failed");
            assertThat(Files.readString(out))
                    .contains("A page", "connection refused: 127.0.0.1:1")
                    .doesNotContain("canary");

            String intake = producer.err().replaceFirst("(?s).* at (http://\\S+).*", "$1");
            Curl.Answer answer = Curl.in(folder)
                    .run(
                            "-H",
                            "content-type: application/json",
                            "-d",
                            "{\"key\":\"a\",\"payload\":{\"url\":\"" + site.url("/more") + "\"}}",
                            intake + "?wait=30s");
            assertThat(answer.body()).contains("Of /more");

            consumer.signal("TERM");
            producer.signal("TERM");
            assertThat(consumer.exitCode()).as(consumer::err).isZero();
            assertThat(producer.exitCode()).as(producer::err).isZero();
            assertThat(withoutSecrets(consumer) + withoutSecrets(producer)).doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @Order(2)
    @ValueSource(strings = {"topics check", "topics create", "submit tasks.txt", "consumer"})
    void aWrongPasswordIsOneLine(String command) throws Exception {
        Files.writeString(folder.resolve("tasks.txt"), "http://127.0.0.1/\n");
        Map<String, String> variables = variables();
        variables.put("SLUICE_KAFKA_SASL_JAAS_CONFIG_FILE", broker.file("wrong", SecuredBroker.login("canary-wrong")));

        assertThat(complaints(run(variables, command.split(" "))))
                .isEqualTo("sluice: the broker at " + broker.broker().bootstrapServers()
                        + " does not let this client in (Authentication failed: Invalid username or password); see"
                        + " kafka.sasl.jaas.config");
    }

    @ParameterizedTest
    @Order(3)
    @ValueSource(strings = {"topics check", "topics create", "submit tasks.txt", "consumer"})
    void aCertificateThatNobodyTrustsIsOneLine(String command) throws Exception {
        Files.writeString(folder.resolve("tasks.txt"), "http://127.0.0.1/\n");
        Map<String, String> variables = variables();
        List.copyOf(variables.keySet()).stream()
                .filter(name -> name.contains("TRUSTSTORE"))
                .forEach(variables::remove);

        assertThat(complaints(run(variables, command.split(" "))))
                .startsWith("sluice: no TLS connection to the broker at "
                        + broker.broker().bootstrapServers() + " (")
                .contains("unable to find valid certification path")
                .endsWith("; see kafka.ssl.truststore.location");
    }

    @Test
    @Order(5)
    void aProducerWithAWrongPasswordSaysSoAndTakesNothing() throws Exception {
        Map<String, String> variables = variables();
        variables.put("SLUICE_KAFKA_SASL_JAAS_CONFIG_FILE", broker.file("wrong", SecuredBroker.login("canary-wrong")));
        try (CommandProcess producer = CommandProcess.start(folder, variables, "producer", "--port", "0")) {
            producer.awaitErr("/v1/tasks");
            Curl.Answer answer = Curl.in(folder)
                    .run(
                            "-H",
                            "content-type: application/json",
                            "-d",
                            "{\"key\":\"a\",\"payload\":{}}",
                            producer.err().replaceFirst("(?s).* at (http://\\S+).*", "$1"));

            assertThat(answer.status()).as(answer.body()).isEqualTo(503);
            assertThat(answer.body()).contains("Authentication failed").doesNotContain("canary");
            producer.awaitErr("failed authentication due to: Authentication failed: Invalid username or password");
            producer.signal("TERM");
            int unused = producer.exitCode();
            assertThat(withoutSecrets(producer)).doesNotContain("\tat ");
        }
    }

    /** Kafka's clients print their settings at INFO. */
    @Test
    @Order(6)
    void theFullestLogHasNoSecretEither() throws Exception {
        Files.writeString(folder.resolve("logback.xml"), """
                <configuration>
                  <appender name="stderr" class="ch.qos.logback.core.ConsoleAppender">
                    <target>System.err</target>
                    <encoder><pattern>%level %logger: %msg%n%ex</pattern></encoder>
                  </appender>
                  <root level="DEBUG"><appender-ref ref="stderr"/></root>
                </configuration>
                """);
        Map<String, String> variables = variables();
        Said created = run(variables, "topics", "create");
        assertThat(created.exitCode()).isZero();
        assertThat(created.err()).contains("sasl.jaas.config = [hidden]");
        Files.writeString(folder.resolve("tasks.txt"), "http://user:canary@127.0.0.1:1/\n");
        try (CommandProcess consumer = CommandProcess.start(folder, variables, "consumer");
                CommandProcess producer = CommandProcess.start(folder, variables, "producer", "--port", "0")) {
            consumer.awaitErr("Consuming '");
            producer.awaitErr("/v1/tasks");
            Said submit = run(variables, "submit", "tasks.txt");
            assertThat(submit.exitCode()).isZero();
            consumer.signal("TERM");
            producer.signal("TERM");
            assertThat(consumer.exitCode() + producer.exitCode()).isZero();
            assertThat(withoutSecrets(consumer) + withoutSecrets(producer)).contains("sasl.jaas.config = [hidden]");
        }
    }

    @ParameterizedTest
    @Order(7)
    @ValueSource(
            strings = {
                "SLUICE_TYPES_HTTP_OPTIONS_URL=http://user:canary@worker/",
                "SLUICE_TYPES_HTTP_OPTIONS_URL=http://user:canary@ worker/",
                "SLUICE_TYPES_HTTP_OPTIONS_URL=canary://worker/?canary",
                "SLUICE_TYPES_HTTP_OPTIONS_HEADERS=canary",
                "SLUICE_TYPES_HTTP_OPTIONS_HEADERS=[\"canary\"]",
                "SLUICE_TYPES_HTTP_OPTIONS_HEADERS={\"authorization\":[\"canary\"]}",
                "SLUICE_TYPES_HTTP_OPTIONS_HEADERS={\"authorization\":\"a\\ncanary\"}",
                "SLUICE_KAFKA_SSL_TRUSTSTORE_PASSWORD=canary",
                "SLUICE_KAFKA_SASL_JAAS_CONFG=canary",
                "SLUICE_KAFKA_REQUEST_TIMEOUT_MS_FILE=",
            })
    void aFaultOfAConsumersSettingsHasNoSecret(String variable) throws Exception {
        Map<String, String> variables = variables();
        String name = variable.split("=", 2)[0];
        if (name.equals("SLUICE_TYPES_HTTP_OPTIONS_HEADERS")) {
            variables.remove(name + "_FILE");
        }
        if (name.equals("SLUICE_KAFKA_SSL_TRUSTSTORE_PASSWORD")) {
            variables.remove(name + "_FILE");
        }
        String value = variable.split("=", 2)[1];
        variables.put(name, value.isEmpty() ? broker.file("number", "canary") : value);

        assertThat(complaints(run(variables, "consumer"))).isNotEmpty();
    }

    @ParameterizedTest
    @Order(4)
    @ValueSource(strings = {"canary", "canary required password=canary", "org.apache.kafka.Canary required;"})
    void aLoginThatCannotBeReadIsOneLineWithoutIt(String login) throws Exception {
        Map<String, String> variables = variables();
        variables.put("SLUICE_KAFKA_SASL_JAAS_CONFIG_FILE", broker.file("broken", login));

        assertThat(complaints(run(variables, "topics", "check")))
                .startsWith("sluice: the Kafka settings do not work: ");
    }

    private static String complaints(Said said) {
        assertThat(said.exitCode()).as(said.err()).isNotZero();
        assertThat(said.err()).doesNotContain("\tat ");
        return String.join(
                "\n",
                said.err().lines().filter(line -> line.startsWith("sluice: ")).toList());
    }
}
