package io.sluice.consumer.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.handler.PermanentFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server sees of attempts that end early. */
class CancellationTest {
    private final Loop loop = new Loop();
    private final FetchHandler fetch = new FetchHandler();
    private final HttpWorkerHandler worker = new HttpWorkerHandler();
    private final Queue<HttpServerRequest> hung = new ConcurrentLinkedQueue<>();
    private final Site site = new Site(request -> {
        switch (request.path()) {
            case "/hang" -> hung.add(request);
            case "/large" -> request.response().end("x".repeat(100_000));
            case "/large-and-busy" -> request.response().setStatusCode(503).end("x".repeat(100_000));
            default -> request.response().putHeader("content-type", "text/html").end("<title>ok</title>");
        }
    });

    /** A server that does nothing by itself. */
    private ServerSocket server;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        loop.get(fetch::stop);
        loop.get(worker::stop);
        loop.close();
        site.close();
        server.close();
    }

    private void startFetch(String options, int maxInFlight) {
        loop.get(() -> fetch.start(loop.options(Site.allowed(options), maxInFlight)));
    }

    private Future<Page> get(String url, FakeTask task) {
        return loop.run(() -> fetch.handle(new PageRequest(url), task));
    }

    private FakeTask task() {
        return new FakeTask(loop.vertx);
    }

    private String serverUrl(String scheme) {
        return scheme + "://127.0.0.1:" + server.getLocalPort() + "/";
    }

    private void cancel(FakeTask task) {
        loop.get(() -> {
            task.cancel();
            return Future.succeededFuture();
        });
    }

    /**
     * Reads the server's side to its end while the client's event loop stands still: so the end must have been there before
     * the future completed.
     */
    private static Future<?> endSeenAtCompletion(Future<?> attempt, Socket accepted) {
        return attempt.transform(done -> {
            try {
                accepted.setSoTimeout(5_000);
                accepted.getInputStream().readAllBytes();
            } catch (SocketException reset) {
                // closed as well
            } catch (IOException stillOpen) {
                return Future.failedFuture(new AssertionError("the connection is still open", stillOpen));
            }
            return done.failed() ? Future.failedFuture(done.cause()) : Future.succeededFuture();
        });
    }

    private static void readHead(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
    }

    @Test
    void aHangingRequestClosesItsConnectionBeforeItsFutureCompletes() throws IOException {
        startFetch("{}", 1);
        FakeTask task = task();
        Promise<Page> attempt = Promise.promise();
        loop.run(() -> fetch.handle(new PageRequest(serverUrl("http")), task)).onComplete(attempt);
        try (Socket accepted = server.accept()) {
            readHead(accepted);
            Future<?> seen = loop.run(() -> {
                Future<?> both = endSeenAtCompletion(attempt.future(), accepted);
                task.cancel();
                return both.mapEmpty();
            });

            assertThat(Loop.failure(seen))
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("cancelled: " + serverUrl("http"));
        }
    }

    @Test
    void aHalfAnsweredRequestClosesItsConnectionBeforeItsFutureCompletes() throws IOException {
        startFetch("{}", 1);
        FakeTask task = task();
        Future<Page> attempt = get(serverUrl("http"), task);
        try (Socket accepted = server.accept()) {
            readHead(accepted);
            OutputStream out = accepted.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<p>half".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Future<?> seen = loop.run(() -> {
                Future<?> both = endSeenAtCompletion(attempt, accepted);
                task.cancel();
                return both.mapEmpty();
            });

            assertThat(Loop.failure(seen)).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void aPostToAServerThatDoesNotReadIsCutOff() throws IOException {
        loop.get(() -> worker.start(loop.options("{'url': '" + serverUrl("http") + "'}", 1)));
        FakeTask task = task();
        Future<?> attempt = loop.run(() ->
                worker.handle(TextNode.valueOf("x".repeat(32_000_000)), task).mapEmpty());
        try (Socket accepted = server.accept()) {
            assertThat(accepted.getInputStream().read()).isEqualTo('P');
            Future<?> seen = loop.run(() -> {
                Future<?> both = endSeenAtCompletion(attempt, accepted);
                task.cancel();
                return both.mapEmpty();
            });

            assertThat(Loop.failure(seen)).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void anAttemptCancelledBeforeItStartsNeverConnects() {
        startFetch("{}", 1);
        FakeTask task = task();
        task.cancel();

        assertThat(Loop.failure(get(site.url("/"), task))).isInstanceOf(CancellationException.class);
        assertThat(Loop.value(get(site.url("/second"), task())).title()).isEqualTo("ok");
        assertThat(site.requests).containsExactly("GET /second");
        assertThat(site.opened).hasValue(1);
    }

    @Test
    void anAttemptCancelledWhileItConnectsNeverSendsItsRequest() {
        startFetch("{}", 1);
        Throwable failure = loop.failure(() -> {
            FakeTask task = task();
            Future<Page> attempt = fetch.handle(new PageRequest(site.url("/first")), task);
            task.cancel();
            return attempt;
        });

        assertThat(failure).isInstanceOf(CancellationException.class);
        assertThat(Loop.value(get(site.url("/second"), task())).title()).isEqualTo("ok");
        assertThat(site.requests).containsExactly("GET /second");
        assertThat(site.opened)
                .as("the unused connection serves the next request")
                .hasValue(1);
    }

    @Test
    void aCancelledAttemptWhoseConnectionIsNeverMadeEndsWithTheConnectTimeout() throws IOException {
        startFetch("{'connect-timeout-ms': 300}", 1);
        FakeTask task = task();
        // The TLS handshake is not answered, so there is a socket, but no connection that could carry a request.
        Future<Page> attempt = get(serverUrl("https"), task);
        try (Socket accepted = server.accept()) {
            cancel(task);

            assertThat(Loop.failure(attempt)).isInstanceOf(CancellationException.class);
            accepted.setSoTimeout(5_000);
            assertThatCode(() -> accepted.getInputStream().readAllBytes())
                    .as("the socket is closed")
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aConnectionThatTakesTooLongIsAnOrdinaryFailure() throws IOException {
        startFetch("{'connect-timeout-ms': 300}", 1);

        assertThat(Loop.failure(get(serverUrl("https"), task())))
                .isInstanceOf(ConnectionFailure.class)
                .hasMessage("connecting took too long: 127.0.0.1:" + server.getLocalPort());
    }

    @Test
    void tenCancelledRequestsMakeRoomForTenMore() {
        startFetch("{}", 10);
        List<FakeTask> tasks = IntStream.range(0, 10).mapToObj(i -> task()).toList();
        List<Future<Page>> first =
                tasks.stream().map(task -> get(site.url("/hang"), task)).toList();
        await().until(() -> hung.size() == 10);
        tasks.forEach(this::cancel);
        first.forEach(attempt -> assertThat(Loop.failure(attempt)).isInstanceOf(CancellationException.class));
        await().until(() -> site.connections.get() == 0);

        List<Future<Page>> second = IntStream.range(0, 10)
                .mapToObj(i -> get(site.url("/hang"), task()))
                .toList();

        await().until(() -> hung.size() == 20);
        hung.stream().skip(10).forEach(request -> request.response().end("now"));
        second.forEach(attempt -> assertThat(Loop.value(attempt).status()).isEqualTo(200));
        assertThat(site.connections).hasValue(10);
    }

    @Test
    void asManyRequestsAsAllowedAreInServiceAtOnceAndTheirConnectionsServeAgain() {
        startFetch("{}", 30);
        for (int round = 1; round <= 3; round++) {
            List<Future<Page>> attempts = IntStream.range(0, 30)
                    .mapToObj(i -> get(site.url("/hang"), task()))
                    .toList();
            await().until(() -> hung.size() == 30);
            hung.forEach(request -> request.response().end());
            hung.clear();
            attempts.forEach(Loop::value);
        }
        assertThat(site.opened).hasValue(30);
    }

    @Test
    void aBodyThatIsTooLargeIsPermanentAndClosesItsConnection() {
        startFetch("{'max-body': 99999}", 1);

        assertThat(Loop.failure(get(site.url("/large"), task())))
                .isInstanceOf(PermanentFailure.class)
                .hasMessage("body of more than 99999 bytes from " + site.url("/large"));
        await().until(() -> site.connections.get() == 0);
        assertThat(Loop.value(get(site.url("/"), task())).title()).isEqualTo("ok");
    }

    @Test
    void aBodyOfExactlyTheBoundIsRead() {
        startFetch("{'max-body': 100000}", 1);

        assertThat(Loop.value(get(site.url("/large"), task())).status()).isEqualTo(200);
    }

    @Test
    void aFailureWithALargeBodyIsStillThatFailure() {
        startFetch("{'max-body': 1000}", 1);

        assertThat(Loop.failure(get(site.url("/large-and-busy"), task())))
                .isInstanceOf(IOException.class)
                .hasMessage("503 Service Unavailable from " + site.url("/large-and-busy"));
        await().until(() -> site.connections.get() == 0);
    }

    @Test
    void aCancellationAfterTheEndChangesNothing() {
        startFetch("{}", 1);
        FakeTask task = task();
        assertThat(Loop.value(get(site.url("/"), task)).title()).isEqualTo("ok");
        cancel(task);

        assertThat(Loop.value(get(site.url("/"), task())).title()).isEqualTo("ok");
        assertThat(site.opened).hasValue(1);
    }

    @Test
    void noThreadIsLeftWhenAllIsClosed() {
        Set<Thread> before = threads();
        Loop own = new Loop();
        FetchHandler handler = new FetchHandler();
        own.get(() -> handler.start(own.options(Site.allowed("{}"), 1)));
        own.get(() -> handler.handle(new PageRequest(site.url("/")), new FakeTask(own.vertx)));
        own.get(handler::stop);
        await().until(() -> site.connections.get() == 0);
        own.close();

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            Collection<Thread> left = new ArrayList<>(threads());
            left.removeAll(before);
            assertThat(left).isEmpty();
        });
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("vert"))
                .collect(Collectors.toSet());
    }
}
