package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.handler.PermanentFailure;
import io.sluice.record.HeaderNames;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What anybody can do with nothing but curl: every way into a {@code sluice producer} process, and out of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class IntakeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String JSON = "content-type: application/json";
    private static final String LINES = "content-type: application/x-ndjson";
    private static final String PASSWORD = "password";

    private Path folder;
    private Curl curl;
    private TestPipeline pipeline;
    private ProducerProcess producer;
    private String url;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        this.folder = folder;
        curl = Curl.in(folder);
        pipeline = TestPipeline.open(Map.of("SLUICE_DEFAULT_TYPE", "echo"));
        producer = ProducerProcess.start(folder, pipeline.settings(), Map.of());
        url = producer.url();
        pipeline.consume(
                1,
                () -> List.of(
                        new Async("echo", (payload, task) -> Future.succeededFuture(payload)),
                        new Async("refuse", (payload, task) -> Future.failedFuture(new PermanentFailure("no"))),
                        new Async("idle", (payload, task) -> Future.succeededFuture())));
    }

    @AfterAll
    void end() {
        if (producer != null) {
            producer.close();
        }
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @Test
    void aJsonTaskIsTakenAndItsStateIsWhereTheAnswerSays() throws Exception {
        Curl.Answer taken =
                curl.run("-H", JSON, "-d", "{\"type\":\"echo\",\"key\":\"a\",\"payload\":{\"n\":1}}", tasks());

        assertThat(taken.status()).as(taken.body()).isEqualTo(202);
        assertThat(taken.json().getString("state")).isEqualTo("accepted");
        JsonObject ended = ended(url + taken.header("location"));
        assertThat(ended.getString("id")).isEqualTo(taken.json().getString("id"));
        assertThat(ended.getString("state")).isEqualTo("succeeded");
        assertThat(ended.getJsonObject("result")).isEqualTo(new JsonObject().put("n", 1));
    }

    @Test
    void aCloudEventIsTakenInBinaryMode() throws Exception {
        Curl.Answer taken = curl.run(
                "-H",
                JSON,
                "-H",
                "ce-specversion: 1.0",
                "-H",
                "ce-type: echo",
                "-H",
                "ce-id: binary",
                "-H",
                "ce-source: /shop",
                "-H",
                "ce-partitionkey: caf%C3%A9",
                "-H",
                "ce-tenant: t7",
                "-d",
                "{\"n\":2}",
                tasks());

        assertThat(taken.status()).as(taken.body()).isEqualTo(202);
        assertThat(ended(tasks() + "/binary").getJsonObject("result")).isEqualTo(new JsonObject().put("n", 2));
        assertThat(records("binary")).singleElement().satisfies(record -> {
            assertThat(new String(record.key(), UTF_8)).isEqualTo("café");
            assertThat(HeaderNames.text(record.headers(), HeaderNames.SOURCE)).isEqualTo("/shop");
            assertThat(HeaderNames.text(record.headers(), "ce_tenant")).isEqualTo("t7");
        });
    }

    @Test
    void aCloudEventIsTakenInStructuredMode() throws Exception {
        Curl.Answer taken = curl.run(
                "-H",
                "content-type: application/cloudevents+json",
                "-d",
                "{\"specversion\":\"1.0\",\"id\":\"structured\",\"type\":\"echo\",\"source\":\"/shop\",\"data\":{\"n\":3}}",
                tasks());

        assertThat(taken.status()).as(taken.body()).isEqualTo(202);
        assertThat(ended(tasks() + "/structured").getJsonObject("result")).isEqualTo(new JsonObject().put("n", 3));
    }

    @Test
    void aFileOfTasksIsAnsweredLineByLine() throws Exception {
        Path file = Files.writeString(folder.resolve("tasks.ndjson"), """
                {"id":"file-1","payload":1}
                {"id":"file-2","payload":
                {"id":"file-3","type":"refuse","payload":3}
                """);

        List<JsonObject> answers =
                curl.run("-H", LINES, "--data-binary", "@" + file, batch()).lines();

        assertThat(answers).extracting(line -> line.getInteger("line")).containsExactly(1, 2, 3);
        assertThat(answers).extracting(line -> line.getString("id")).containsExactly("file-1", null, "file-3");
        assertThat(answers.get(1).getJsonObject("error").getString("detail")).startsWith("line 2, column ");
        assertThat(ended(tasks() + "/file-1").getInteger("result")).isEqualTo(1);
        assertThat(ended(tasks() + "/file-3").getJsonObject("failure").getString("reason"))
                .isEqualTo("permanent");
    }

    @Test
    void tasksAreAnsweredWhileTheRequestIsStillBeingSent() throws Exception {
        int tasks = 20_000;
        Curl.Running sending = curl.start("-X", "POST", "-H", LINES, "-T", "-", batch());
        AtomicInteger sent = new AtomicInteger();
        try (OutputStream stdin = sending.stdin()) {
            send(stdin, sent, tasks / 2);
            // curl looks for answers only between two reads of its stdin, so it gets a line at a time until there are
            // some.
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
                send(stdin, sent, 1);
                return sending.answered() >= tasks / 4;
            });
            assertThat(sent.get()).as("lines sent when a quarter was answered").isLessThan(tasks);
            send(stdin, sent, tasks - sent.get());
        }

        List<JsonObject> answers = sending.end().lines();
        assertThat(answers)
                .extracting(line -> line.getInteger("line"))
                .isEqualTo(IntStream.rangeClosed(1, tasks).boxed().toList());
        assertThat(answers)
                .extracting(line -> line.getString("id"))
                .isEqualTo(IntStream.rangeClosed(1, tasks)
                        .mapToObj(n -> "stream-" + n)
                        .toList());
        assertThat(answers).noneMatch(line -> line.containsKey("error"));
    }

    private static void send(OutputStream stdin, AtomicInteger sent, int count) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int n = sent.incrementAndGet();
            lines.append("{\"id\":\"stream-").append(n).append("\",\"type\":\"idle\",\"payload\":{}}\n");
        }
        stdin.write(lines.toString().getBytes(US_ASCII));
        stdin.flush();
    }

    @Test
    void ofTheLinesOfABatchOnlyTheErrorsAreToldOnRequest() throws Exception {
        List<JsonObject> answers = curl.run(
                        "-H",
                        LINES,
                        "--data-binary",
                        "{\"payload\":1}\nnot JSON\n{\"payload\":3}\n",
                        batch() + "?answers=errors")
                .lines();

        assertThat(answers).hasSize(2);
        assertThat(answers.get(0).getInteger("line")).isEqualTo(2);
        assertThat(answers.get(1)).isEqualTo(new JsonObject().put("taken", 2).put("refused", 1));
    }

    @Test
    void aRequestThatWaitsIsAnsweredWithTheResultOrTheFailure() throws Exception {
        Curl.Answer result = curl.run("-H", JSON, "-d", "{\"payload\":{\"n\":4}}", tasks() + "?wait=10s");
        assertThat(result.status()).as(result.body()).isEqualTo(200);
        assertThat(result.json().getJsonObject("result")).isEqualTo(new JsonObject().put("n", 4));

        JsonObject failure = curl.run("-H", JSON, "-d", "{\"type\":\"refuse\",\"payload\":{}}", tasks() + "?wait=10s")
                .json();
        assertThat(failure.getString("state")).isEqualTo("failed");
        assertThat(failure.getJsonObject("failure").getString("message")).contains("no");
    }

    @Test
    void ofATaskThatNobodyKnowsItIsToldSinceWhenItWouldBeKnown() throws Exception {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Curl.Answer unknown = curl.run(tasks() + "/nobody's");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.header("content-type")).isEqualTo("application/problem+json");
            assertThat(Instant.parse(unknown.json().getString("since"))).isBefore(Instant.now());
        });
    }

    @Test
    void aRepeatedRequestWritesItsTaskOnceAndAnotherTaskIsRefused() throws Exception {
        String[] request = {"-H", JSON, "-H", "idempotency-key: order-17", "-d", "{\"payload\":17}", tasks()};
        for (int i = 0; i < 2; i++) {
            Curl.Answer taken = curl.run(request);
            assertThat(taken.status()).as(taken.body()).isEqualTo(202);
            assertThat(taken.json().getString("id")).isEqualTo("order-17");
        }
        Curl.Answer other = curl.run("-H", JSON, "-H", "idempotency-key: order-17", "-d", "{\"payload\":18}", tasks());

        assertThat(other.status()).as(other.body()).isEqualTo(422);
        assertThat(records("order-17")).hasSize(1);
    }

    @Test
    void aBadTaskIsAProblemThatNamesTheField() throws Exception {
        Curl.Answer refused = curl.run("-H", JSON, "-d", "{\"payload\":{},\"expires\":\"soon\"}", tasks());

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
        assertThat(refused.json().getString("field")).isEqualTo("expires");
        assertThat(refused.json().getString("detail"))
                .startsWith("line 1, column ")
                .hasLineCount(1);
    }

    @Test
    void theDocumentThatDescribesTheRoutesIsServed() throws Exception {
        Curl.Answer document = curl.run(url + "/v1/openapi.json");

        assertThat(document.status()).isEqualTo(200);
        assertThat(document.json().getJsonObject("paths").fieldNames())
                .contains("/v1/tasks", "/v1/tasks:batch", "/v1/tasks/{id}");
    }

    @Test
    void withATokenAndOverTlsItIsTheSame() throws Exception {
        Path tokens = folder.resolve("tokens");
        String token =
                CommandRun.of("token", "ci", "--add", tokens.toString()).out().strip();
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        selfSigned(certificate, key);
        try (ProducerProcess secure = ProducerProcess.start(
                folder,
                pipeline.settings(),
                Map.of(
                        "SLUICE_PRODUCER_TOKENS_FILE", tokens.toString(),
                        "SLUICE_PRODUCER_TLS_CERTIFICATE", certificate.toString(),
                        "SLUICE_PRODUCER_TLS_KEY", key.toString()))) {
            String secureTasks = secure.url() + "/v1/tasks";
            String bearer = "authorization: Bearer " + token;
            assertThat(secureTasks).startsWith("https://");

            Curl.Answer taken = curl.run(
                    "--cacert",
                    certificate.toString(),
                    "-H",
                    bearer,
                    "-H",
                    JSON,
                    "-d",
                    "{\"id\":\"secure\",\"payload\":5}",
                    secureTasks + "?wait=10s");
            assertThat(taken.status()).as(taken.body()).isEqualTo(200);
            assertThat(taken.json().getInteger("result")).isEqualTo(5);
            assertThat(records("secure"))
                    .singleElement()
                    .satisfies(record -> assertThat(HeaderNames.text(record.headers(), HeaderNames.SOURCE))
                            .isEqualTo("/sluice/producer/ci"));

            Curl.Running batch = curl.start(
                    "--cacert",
                    certificate.toString(),
                    "-X",
                    "POST",
                    "-H",
                    bearer,
                    "-H",
                    LINES,
                    "-T",
                    "-",
                    secureTasks + ":batch");
            try (OutputStream stdin = batch.stdin()) {
                stdin.write("{\"id\":\"secure-1\",\"payload\":1}\n{\"id\":\"secure-2\",\"payload\":2}".getBytes(UTF_8));
            }
            assertThat(batch.end().lines())
                    .extracting(line -> line.getString("id"))
                    .containsExactly("secure-1", "secure-2");

            for (String wrong : List.of("authorization: Bearer " + token + "x", "accept: */*")) {
                Curl.Answer refused = curl.run(
                        "--cacert",
                        certificate.toString(),
                        "-H",
                        wrong,
                        "-H",
                        JSON,
                        "-d",
                        "{\"payload\":6}",
                        secureTasks);
                assertThat(refused.status()).isEqualTo(401);
                assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
            }
        }
    }

    private String tasks() {
        return url + "/v1/tasks";
    }

    private String batch() {
        return tasks() + ":batch";
    }

    /** What is told of a task once it has ended. */
    private JsonObject ended(String task) {
        return await().atMost(PATIENCE)
                .until(
                        () -> curl.run(task).json(),
                        state -> state.containsKey("result") || state.containsKey("failure"));
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String id) {
        return pipeline.read(pipeline.settings().topic()).stream()
                .filter(record -> id.equals(HeaderNames.text(record.headers(), HeaderNames.ID)))
                .toList();
    }

    private void selfSigned(Path certificate, Path key) throws Exception {
        Path store = folder.resolve("store.p12");
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
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore read = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            read.load(in, PASSWORD.toCharArray());
        }
        writePem(certificate, "CERTIFICATE", read.getCertificate("own").getEncoded());
        writePem(key, "PRIVATE KEY", read.getKey("own", PASSWORD.toCharArray()).getEncoded());
    }

    private static void writePem(Path file, String label, byte[] content) throws Exception {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }
}
