package io.sluice.producer.guard;

import static java.util.concurrent.TimeUnit.SECONDS;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ConnectionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_BYTES = Duration.ofMillis(20);
    /** For clients that are to be in time, however busy the machine. */
    private static final Map<String, String> IN_TIME = Map.of("SLUICE_PRODUCER_IDLE_TIMEOUT", "3s");

    private static final String OPEN = "GET /open HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String POST = " HTTP/1.1\r\nHost: x\r\nContent-Length: ";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        Futures.await(vertx.close());
    }

    @Test
    void aConnectionThatSendsNothingIsClosed() throws Exception {
        GuardedServer server = deploy(Map.of());
        assertThat(RawClient.answer(server.port(), "")).isEmpty();
        await().atMost(PATIENCE).until(() -> server.connections() == 0);
    }

    @Test
    void aHeadThatTricklesInIsCutOff() throws Exception {
        GuardedServer server = deploy(Map.of());
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("GET /open HTTP/1.1\r\nHost: x\r\nA: ");
            await().atMost(PATIENCE).pollInterval(BETWEEN_BYTES).until(() -> !client.trySend("a"));
            assertThat(client.untilClosed()).isEmpty();
        }
    }

    @Test
    void aBodyThatTricklesInIsAnsweredWith408AndCutOff() throws Exception {
        GuardedServer server = deploy(Map.of());
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("POST /body" + POST + "1000000\r\n\r\n");
            await().atMost(PATIENCE).pollInterval(BETWEEN_BYTES).until(() -> !client.trySend("a"));
        }
        assertThat(RawClient.answer(server.port(), "POST /body" + POST + "10\r\n\r\nabc"))
                .startsWith("HTTP/1.1 408 ");
    }

    @Test
    void aSecondRequestHasTheSameTimeAsTheFirst() throws Exception {
        GuardedServer server = deploy(IN_TIME);
        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.send("POST /body" + POST + "3\r\n\r\nabc").oneAnswer())
                    .endsWith("3");
            assertThat(client.send(OPEN).oneAnswer()).endsWith("open");
            client.send("GET /op");
            assertThat(client.untilClosed()).isEmpty();
        }
    }

    @Test
    void aRequestThatTheServerTakesItsTimeWithIsNotCutOff() throws Exception {
        GuardedServer server = deploy(Map.of());
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
            idleTimeoutsPass(server, 2);
            server.release("at last");
            assertThat(client.oneAnswer()).endsWith("at last");
        }
    }

    @Test
    void aLongBodyHasTheTimeAnewForEveryLine() throws Exception {
        GuardedServer server = deploy(IN_TIME);
        try (RawClient client = RawClient.connect(server.port());
                RawClient idle = RawClient.connect(server.port())) {
            client.send("POST /lines HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            // As long as it takes to close one that sends nothing, and once more as long.
            await().atMost(PATIENCE).pollInterval(BETWEEN_BYTES).until(() -> {
                client.send("2\r\na\n\r\n");
                return !idle.trySend(" ");
            });
            client.send("0\r\n\r\n");
            assertThat(client.oneAnswer()).contains("200 OK").endsWith("a\n");
        }
    }

    @Test
    void aLongBodyWhoseLinesNeverEndIsCutOff() throws Exception {
        GuardedServer server = deploy(Map.of());
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("POST /lines HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n");
            await().atMost(PATIENCE).pollInterval(BETWEEN_BYTES).until(() -> !client.trySend("1\r\na\r\n"));
        }
    }

    @Test
    void whileTheServerHoldsABodyBackItsClientIsNotLate() throws Exception {
        GuardedServer server = deploy(Map.of());
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("POST /lines" + POST + "10\r\n\r\nabc");
            await().atMost(PATIENCE).until(server::hasLines);
            server.onClock(RequestClock::suspend);
            idleTimeoutsPass(server, 2);
            server.onClock(RequestClock::resume);
            assertThat(client.untilClosed()).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void aRouteMayEndALateRequestInItsOwnWay() throws Exception {
        GuardedServer server = deploy(Map.of());
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("POST /lines" + POST + "10\r\n\r\nabc");
            await().atMost(PATIENCE).until(server::hasLines);
            server.onClock(clock -> clock.onExpiry(server::endLines));
            assertThat(client.untilClosed()).contains("200 OK", "that was all");
        }
    }

    @Test
    void aClientThatDoesNotReadItsAnswerIsCutOff() throws Exception {
        GuardedServer server = deploy(Map.of());
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
            await().atMost(PATIENCE).until(() -> server.connections() == 1);
            await().atMost(PATIENCE).until(() -> server.connections() == 0);
        }
    }

    @Test
    void aBodyThatNobodyWantsIsNotWaitedFor() throws Exception {
        GuardedServer server = deploy(Map.of("SLUICE_PRODUCER_IDLE_TIMEOUT", "1h"));
        assertThat(RawClient.answer(server.port(), "POST /early" + POST + "1000000\r\n\r\nabc"))
                .startsWith("HTTP/1.1 415 ");
    }

    @Test
    void aShortBodyThatNobodyWantsCostsNoConnection() throws Exception {
        GuardedServer server = deploy(IN_TIME);
        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.send("POST /early" + POST + "3\r\n\r\nabc").oneAnswer())
                    .startsWith("HTTP/1.1 415 ");
            assertThat(client.send(OPEN).oneAnswer()).endsWith("open");
        }
    }

    @Test
    void oneTooManyIsClosedAtOnceUntilAnotherHasGone() throws Exception {
        try (Logged logged = Logged.of(Connections.class)) {
            GuardedServer server =
                    deploy(Map.of("SLUICE_PRODUCER_MAX_CONNECTIONS", "2", "SLUICE_PRODUCER_IDLE_TIMEOUT", "1h"));
            try (RawClient first = RawClient.connect(server.port())) {
                try (RawClient second = RawClient.connect(server.port())) {
                    await().atMost(PATIENCE).until(() -> server.connections() == 2);
                    assertThat(RawClient.answer(server.port(), "")).isEmpty();
                    assertThat(RawClient.answer(server.port(), "")).isEmpty();
                    assertThat(logged.messages()).hasSize(1);
                    assertThat(logged.messages().get(0)).contains("there are 2, which is producer.max-connections");
                    assertThat(second.send(OPEN).oneAnswer()).endsWith("open");
                }
                await().atMost(PATIENCE).until(() -> server.connections() == 1);
                assertThat(first.send(OPEN).oneAnswer()).endsWith("open");
                try (RawClient third = RawClient.connect(server.port())) {
                    assertThat(third.send(OPEN).oneAnswer()).endsWith("open");
                }
            }
        }
    }

    @Test
    void idleConnectionsDoNotHoldUpAShutdown() throws Exception {
        GuardedServer server = deploy(Map.of("SLUICE_PRODUCER_IDLE_TIMEOUT", "1h"));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(RawClient.connect(server.port()));
        }
        clients.get(0).send("GET /op");
        await().atMost(PATIENCE).until(() -> server.connections() == 10);
        Future<Void> undeployed = vertx.undeploy(server.deploymentID());
        // Less than the 30 s that it gives to those that it serves.
        undeployed.toCompletionStage().toCompletableFuture().get(20, SECONDS);
        for (RawClient client : clients) {
            assertThat(client.untilClosed()).isEmpty();
            client.close();
        }
    }

    @Test
    void overHttp2ALateBodyEndsItsOwnStreamAndAnIdleConnectionAsAWhole(@TempDir Path folder) throws Exception {
        Pem pem = Pem.named("own", "EC", folder);
        Files.writeString(folder.resolve("tls.crt"), pem.certificate());
        Files.writeString(folder.resolve("tls.key"), pem.key());
        GuardedServer server = deploy(Map.of(
                "SLUICE_PRODUCER_TLS_CERTIFICATE", folder.resolve("tls.crt").toString(),
                "SLUICE_PRODUCER_TLS_KEY", folder.resolve("tls.key").toString(),
                // A handshake must fit into it, too.
                "SLUICE_PRODUCER_IDLE_TIMEOUT", "5s"));
        HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2));
        HttpClientRequest held = Futures.await(client.request(HttpMethod.GET, server.port(), "localhost", "/held"));
        // Asked for before it comes: a body that has passed by unread is gone.
        Future<Buffer> heldAnswer = held.response().compose(HttpClientResponse::body);
        Futures.await(held.end());
        HttpClientRequest late = Futures.await(client.request(HttpMethod.POST, server.port(), "localhost", "/body"));
        late.exceptionHandler(reset -> {});
        late.putHeader("content-length", "100");
        assertThat(late.connection()).isSameAs(held.connection());
        late.write(Buffer.buffer("abc"));
        assertThat(Futures.await(late.response()).statusCode()).isEqualTo(408);
        assertThat(heldAnswer.isComplete()).isFalse();
        server.release("at last");
        assertThat(Futures.await(heldAnswer).toString()).isEqualTo("at last");
        await().atMost(PATIENCE).until(() -> server.connections() == 0);
    }

    /** Until as many connections one after the other, which send nothing, have been closed. */
    private static void idleTimeoutsPass(GuardedServer server, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            assertThat(RawClient.answer(server.port(), "")).isEmpty();
        }
    }

    private GuardedServer deploy(Map<String, String> variables) throws Exception {
        Map<String, String> all = new HashMap<>(variables);
        all.putIfAbsent("SLUICE_PRODUCER_IDLE_TIMEOUT", "1s");
        return GuardedServer.deploy(vertx, all);
    }
}
