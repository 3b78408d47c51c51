package io.sluice.producer.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.producer.client.Futures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CertificateTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path folder = Path.of("");

    private Path certificate = Path.of("");
    private Path key = Path.of("");
    private String idleTimeout = "1m";

    @BeforeEach
    void name() {
        certificate = folder.resolve("tls.crt");
        key = folder.resolve("tls.key");
    }

    @AfterEach
    void close() throws Exception {
        Futures.await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void overTlsTheCertificateIsShownAndBothProtocolsAreSpoken(String algorithm) throws Exception {
        write(Pem.named("first", algorithm, folder));
        int port = deploy().port();
        assertThat(shown(port, HttpVersion.HTTP_1_1)).isEqualTo("CN=first over HTTP_1_1");
        assertThat(shown(port, HttpVersion.HTTP_2)).isEqualTo("CN=first over HTTP_2");
    }

    @Test
    void whoSpeaksNoTlsIsCutOff() throws Exception {
        idleTimeout = "300ms";
        write(Pem.named("first", "EC", folder));
        int port = deploy().port();
        assertThat(RawClient.answer(port, "GET /open HTTP/1.1\r\nHost: x\r\n\r\n"))
                .doesNotContain("open");
    }

    @Test
    void whoBeginsAHandshakeAndStopsIsCutOff() throws Exception {
        idleTimeout = "300ms";
        write(Pem.named("first", "EC", folder));
        int port = deploy().port();
        assertThat(RawClient.answer(port, "\u0016\u0003\u0001\u0002\u0000\u0001"))
                .isEmpty();
        assertThat(RawClient.answer(port, "")).isEmpty();
    }

    @Test
    void aNewPairIsShownWithoutARestartAndHalfOfOneIsNot() throws Exception {
        write(Pem.named("first", "EC", folder));
        Pem second = Pem.named("second", "RSA", folder);
        try (Logged logged = Logged.of(WatchedFiles.class)) {
            int port = deploy().port();
            Files.writeString(certificate, second.certificate());
            await().atMost(PATIENCE).until(() -> logged.messages().size() == 1);
            assertThat(logged.messages().get(0)).contains("that belong together", "stays in force");
            assertThat(shown(port, HttpVersion.HTTP_2)).isEqualTo("CN=first over HTTP_2");
            Files.writeString(key, second.key());
            await().atMost(PATIENCE).until(() -> shown(port, HttpVersion.HTTP_2).equals("CN=second over HTTP_2"));
            assertThat(shown(port, HttpVersion.HTTP_1_1)).isEqualTo("CN=second over HTTP_1_1");
        }
    }

    @Test
    void filesThatAreNoPairFailTheStartInOneLine() throws Exception {
        Pem first = Pem.named("first", "EC", folder);
        assertFault(certificate + " is not there");
        Files.writeString(certificate, first.certificate());
        assertFault(key + " is not there");
        Files.writeString(key, Pem.named("second", "EC", folder).key());
        assertFault("do not belong together: the key is another certificate's");
        Files.writeString(key, Pem.named("third", "RSA", folder).key());
        assertFault("that belong together");
        Files.writeString(key, first.certificate());
        assertFault("are no certificate and private key");
        Files.writeString(key, first.key().replace("PRIVATE", "ENCRYPTED PRIVATE"));
        assertFault("not encrypted");
        Files.writeString(key, first.key());
        Files.writeString(certificate, "no PEM");
        assertFault("are no certificate and private key");
        Files.writeString(certificate, "");
        assertFault("are no certificate and private key");
    }

    private void assertFault(String what) throws Exception {
        assertThat(GuardedServer.refused(vertx, variables()))
                .hasMessageMatching("producer\\.tls-(certificate|key): .*")
                .hasMessageContaining(what)
                .hasMessageNotContaining("\n");
    }

    private void write(Pem pem) throws Exception {
        Files.writeString(certificate, pem.certificate());
        Files.writeString(key, pem.key());
    }

    private Map<String, String> variables() {
        return Map.of(
                "SLUICE_PRODUCER_TLS_CERTIFICATE", certificate.toString(),
                "SLUICE_PRODUCER_TLS_KEY", key.toString(),
                "SLUICE_PRODUCER_IDLE_TIMEOUT", idleTimeout);
    }

    private GuardedServer deploy() throws Exception {
        return GuardedServer.deploy(vertx, variables());
    }

    private String shown(int port, HttpVersion version) throws Exception {
        HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setUseAlpn(true)
                .setProtocolVersion(version));
        try {
            HttpClientRequest request = Futures.await(client.request(HttpMethod.GET, port, "localhost", "/open"));
            Certificate shown = request.connection().peerCertificates().get(0);
            // Asked for before the request has gone: a body that has passed by unread is gone.
            Future<Buffer> body = request.response().compose(HttpClientResponse::body);
            Futures.await(request.end());
            assertThat(Futures.await(body).toString()).isEqualTo("open");
            return ((X509Certificate) shown).getSubjectX500Principal().getName() + " over " + request.version();
        } finally {
            Futures.await(client.close());
        }
    }
}
