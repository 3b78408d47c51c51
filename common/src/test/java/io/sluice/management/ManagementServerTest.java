package io.sluice.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.sluice.cli.Waiting;
import io.sluice.settings.ManagementSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ManagementServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Thread> before = threads();
    private final Meters meters = Meters.open();
    private final Service service = new Service();
    private ManagementServer server = open();
    private Asking asking = new Asking(server.url());

    /** Says of itself what the test wants. */
    private static final class Service implements Observed {
        volatile Future<List<Check>> live = Future.succeededFuture(List.of());
        volatile Future<List<Check>> ready = Future.succeededFuture(List.of());

        @Override
        public Future<List<Check>> live() {
            return live;
        }

        @Override
        public Future<List<Check>> ready() {
            return ready;
        }
    }

    private ManagementServer open() {
        return Waiting.on(ManagementServer.open(new ManagementSettings("127.0.0.1", OptionalInt.of(0)), meters));
    }

    @BeforeEach
    void watch() {
        server.watch("service", service);
    }

    @AfterEach
    void nothingIsLeft() {
        Waiting.on(server.close());
        meters.close();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(threads())
                        .filteredOn(thread -> thread.getName().startsWith("vert.x-"))
                        .allMatch(before::contains));
    }

    private static List<Thread> threads() {
        return List.copyOf(Thread.getAllStackTraces().keySet());
    }

    private static Future<List<Check>> says(Check... checks) {
        return Future.succeededFuture(List.of(checks));
    }

    @Test
    void aProcessHasStartedFromTheMomentWhenItSaysSo() {
        assertThat(asking.check("health/started", "started")).isEqualTo("503 DOWN it is still starting");
        assertThat(asking.check("health/ready", "started")).isEqualTo("503 DOWN it is still starting");
        assertThat(asking.get("health/live").statusCode()).isEqualTo(200);

        server.started();

        assertThat(asking.check("health/started", "started")).isEqualTo("200 UP all of it is deployed");
        assertThat(asking.get("health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void everyCheckHasItsNameItsStatusAndItsReason() {
        server.started();
        service.live = says(new Check("poll-thread", true, "it turned 20 ms ago"));
        service.ready = says(
                new Check("broker", false, "no answer for 14 s"), new Check("group", true, "4 partitions are owned"));

        HttpResponse<String> live = asking.get("health/live");
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(live.headers().firstValue("content-type")).contains("application/json");
        assertThat(live.headers().firstValue("cache-control")).contains("no-store");
        assertThat(live.body())
                .isEqualTo("{\"status\":\"UP\",\"checks\":[{\"name\":\"poll-thread\",\"status\":\"UP\","
                        + "\"reason\":\"it turned 20 ms ago\"}]}");
        HttpResponse<String> ready = asking.get("health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body())
                .isEqualTo("{\"status\":\"DOWN\",\"checks\":["
                        + "{\"name\":\"started\",\"status\":\"UP\",\"reason\":\"all of it is deployed\"},"
                        + "{\"name\":\"broker\",\"status\":\"DOWN\",\"reason\":\"no answer for 14 s\"},"
                        + "{\"name\":\"group\",\"status\":\"UP\",\"reason\":\"4 partitions are owned\"}]}");

        service.live = says(new Check("poll-thread", false, "it has not turned for 40 s"));
        service.ready = says(new Check("broker", true, "it answered"));
        assertThat(asking.check("health/live", "poll-thread")).isEqualTo("503 DOWN it has not turned for 40 s");
        assertThat(asking.check("health/ready", "broker")).isEqualTo("200 UP it answered");
        assertThat(asking.get("health/started").statusCode()).isEqualTo(200);
    }

    @Test
    void ofSeveralServicesEachCheckSaysWhose() {
        Service other = new Service();
        server.watch("other", other);
        server.started();
        service.ready = says(new Check("broker", true, "it answered"));
        other.ready = says(new Check("broker", false, "no answer"));

        assertThat(asking.check("health/ready", "service/broker")).isEqualTo("503 UP it answered");
        assertThat(asking.check("health/ready", "other/broker")).isEqualTo("503 DOWN no answer");
    }

    @Test
    void whoeverStopsLivesOnAndIsReadyNoMore() {
        server.started();
        service.live = says(new Check("event-loop", true, "it turns"));
        server.stopping();
        assertThat(asking.check("health/ready", "stopping"))
                .isEqualTo("503 DOWN it finishes what it has begun, and takes nothing more");
        assertThat(asking.get("health/live").statusCode()).isEqualTo(200);
        assertThat(asking.get("health/started").statusCode()).isEqualTo(200);

        service.live = Future.failedFuture("the consumer is not running");
        assertThat(asking.check("health/live", "service")).isEqualTo("200 UP it has stopped");
        service.live = Promise.<List<Check>>promise().future();
        assertThat(asking.check("health/live", "service")).isEqualTo("503 DOWN no answer within 2 s");
    }

    @Test
    void aCheckThatHangsIsAFailureAndHoldsUpNoOther() {
        server.started();
        service.ready = Promise.<List<Check>>promise().future();
        server.page("/hung", () -> Promise.promise().future());
        assertThat(asking.check("health/ready", "service")).isEqualTo("503 DOWN no answer within 2 s");
        assertThat(asking.get("health/live").statusCode()).isEqualTo(200);
        HttpResponse<String> hung = asking.get("hung");
        assertThat(hung.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(hung.body()).getString("detail"))
                .isEqualTo("whoever knows cannot say: no answer within 2 s");
    }

    @Test
    void aCheckThatFailsIsAFailureThatGivesNothingAway() {
        service.live = Future.failedFuture(new IllegalStateException("password=hunter2"));
        assertThat(asking.check("health/live", "service")).isEqualTo("503 DOWN it cannot say: IllegalStateException");
        server.watch("thrower", new Observed() {
            @Override
            public Future<List<Check>> live() {
                throw new UnsupportedOperationException("password=hunter2");
            }

            @Override
            public Future<List<Check>> ready() {
                return live();
            }
        });
        assertThat(asking.check("health/live", "thrower"))
                .isEqualTo("503 DOWN it cannot say: UnsupportedOperationException");
        server.page("/failed", () -> Future.failedFuture(new IllegalStateException("password=hunter2")));
        assertThat(asking.get("failed").body())
                .contains("IllegalStateException")
                .doesNotContain("hunter2");
    }

    @Test
    void anEventLoopThatIsBlockedIsToldOf() throws Exception {
        Vertx vertx = meters.vertx(new VertxOptions().setEventLoopPoolSize(1)).build();
        CountDownLatch free = new CountDownLatch(1);
        try {
            var context = vertx.getOrCreateContext();
            server.watch("loop", new Observed() {
                @Override
                public Future<List<Check>> live() {
                    Promise<List<Check>> answer = Promise.promise();
                    context.runOnContext(turn -> answer.complete(List.of(new Check("event-loop", true, "it turns"))));
                    return answer.future();
                }

                @Override
                public Future<List<Check>> ready() {
                    return live();
                }
            });
            assertThat(asking.check("health/live", "loop/event-loop")).isEqualTo("200 UP it turns");

            context.runOnContext(turn -> {
                try {
                    free.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(asking.check("health/live", "loop")).isEqualTo("503 DOWN no answer within 2 s");
            free.countDown();
            await().atMost(PATIENCE)
                    .until(() -> asking.check("health/live", "loop/event-loop").equals("200 UP it turns"));
        } finally {
            free.countDown();
            Waiting.on(vertx.close());
        }
    }

    @Test
    void whatElseThereIsToTellIsAPageOfItsOwn() {
        server.page("/stalled", () -> Future.succeededFuture(List.of(Map.of("partition", 3))));
        assertThat(asking.get("stalled").body()).isEqualTo("[{\"partition\":3}]");
        assertThat(asking.json("").getJsonArray("paths"))
                .containsExactly("/", "/health/live", "/health/ready", "/health/started", "/metrics", "/stalled");
    }

    @Test
    void anythingElseIsAProblemInJson() {
        HttpResponse<String> unknown = asking.get("nowhere");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(new JsonObject(unknown.body()).getString("detail"))
                .isEqualTo("there is nothing here; / lists what there is");
        HttpResponse<String> post = asking.send("POST", "health/live", "", "*/*");
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("allow")).contains("GET, HEAD");
        assertThat(new JsonObject(post.body()).getInteger("status")).isEqualTo(405);
        assertThat(asking.send("GET", "health/live", "a body", "*/*").statusCode())
                .isEqualTo(413);
        assertThat(asking.get("x".repeat(2_000)).statusCode()).isEqualTo(414);
    }

    @Test
    void headIsGetWithoutItsBody() throws IOException {
        server.started();
        for (String path : List.of("", "health/live", "health/ready", "health/started", "metrics")) {
            HttpResponse<String> head = asking.send("HEAD", path, "", "*/*");
            assertThat(head.statusCode()).as(path).isEqualTo(200);
            assertThat(head.body()).isEmpty();
        }
        String answer = Asking.raw(
                server.actualPort(), "HEAD /health/started HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n").contains("content-length: ");
        assertThat(asking.send("HEAD", "nowhere", "", "*/*").statusCode()).isEqualTo(404);
    }

    @Test
    void itListensWhereItIsToldAndNowhereElse() {
        assertThat(asking.get("").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> new Socket("127.0.0.2", server.actualPort()).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void aPortInUseIsSaidInOneLineThatNamesTheSetting() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ManagementSettings settings = new ManagementSettings("127.0.0.1", OptionalInt.of(taken.getLocalPort()));
            StringWriter out = new StringWriter();
            assertThatThrownBy(() -> Management.open(settings, new PrintWriter(out)))
                    .hasMessage("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": the port is in use, or the"
                            + " address is not this machine's; see management.port and management.host");
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void thereIsNoPortUnlessTheSettingsHaveOne() {
        StringWriter out = new StringWriter();
        try (Management none =
                Management.open(new ManagementSettings("127.0.0.1", OptionalInt.empty()), new PrintWriter(out))) {
            none.watch("service", service);
            none.page("/stalled", () -> Future.succeededFuture(List.of()));
            none.startedUntil(Future.succeededFuture());
            assertThat(none.registry()).isNull();
            Vertx vertx = none.vertx(new VertxOptions()).build();
            assertThat(vertx.isMetricsEnabled()).isFalse();
            Waiting.on(vertx.close());
        }
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aCommandsPortTellsOfItsStartAndOfItsStop() {
        StringWriter out = new StringWriter();
        Promise<String> stop = Promise.promise();
        try (Management management =
                Management.open(new ManagementSettings("127.0.0.1", OptionalInt.of(0)), new PrintWriter(out))) {
            Asking own = new Asking(out.toString().strip().substring("Health and metrics at ".length()));
            assertThat(own.get("health/ready").statusCode()).isEqualTo(503);
            management.watch("service", service);
            management.startedUntil(stop.future());
            assertThat(own.get("health/ready").statusCode()).isEqualTo(200);
            stop.complete("TERM");
            await().atMost(PATIENCE).until(() -> own.get("health/ready").statusCode() == 503);
            assertThat(own.get("health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void oneConnectionTooManyClosesTheOneThatHasAskedForNothingTheLongest() throws IOException {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < ManagementServer.MOST_CONNECTIONS; i++) {
                held.add(Asking.connect(server.actualPort()));
            }
            Socket first = held.get(0);
            assertThat(statusLine(first)).isEqualTo("HTTP/1.1 200 OK");

            for (int probe = 0; probe < 3; probe++) {
                Socket tooMany = Asking.connect(server.actualPort());
                held.add(tooMany);
                assertThat(statusLine(tooMany)).isEqualTo("HTTP/1.1 200 OK");
            }

            assertThat(held.get(1).getInputStream().read()).isEqualTo(-1);
            assertThat(held.get(3).getInputStream().read()).isEqualTo(-1);
            assertThat(statusLine(held.get(4))).isEqualTo("HTTP/1.1 200 OK");
            first.getOutputStream()
                    .write("GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".getBytes(UTF_8));
            assertThat(new String(first.getInputStream().readAllBytes(), UTF_8)).contains("HTTP/1.1 200 OK");
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    /** Asks over a connection that stays open. */
    private static String statusLine(Socket socket) throws IOException {
        socket.getOutputStream().write("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(UTF_8));
        StringBuilder line = new StringBuilder();
        for (int next = socket.getInputStream().read(); next >= 0 && next != '\r'; ) {
            line.append((char) next);
            next = socket.getInputStream().read();
        }
        return line.toString();
    }

    @Test
    void whatIsMeasuredIsPrometheusText() {
        HttpResponse<String> text = asking.get("metrics");
        assertThat(text.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        PrometheusText parsed = PrometheusText.parse(text.body());
        assertThat(parsed.types())
                .containsEntry("jvm_memory_used_bytes", "gauge")
                .containsEntry("jvm_classes_loaded_classes", "gauge")
                .containsEntry("jvm_gc_memory_allocated_bytes_total", "counter")
                .containsEntry("process_uptime_seconds", "gauge")
                .containsEntry("process_files_open_files", "gauge")
                .containsKeys("jvm_threads_live_threads", "process_cpu_usage", "system_cpu_count", "jvm_info");
        assertThat(parsed.value("jvm_memory_used_bytes", Map.of("area", "heap")))
                .isPositive();
    }

    @Test
    void whoeverWouldRatherHaveOpenMetricsGetsIt() {
        HttpResponse<String> text = asking.send(
                "GET",
                "metrics",
                "",
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
        assertThat(text.headers().firstValue("content-type"))
                .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(text.body()).endsWith("# EOF\n").contains("# TYPE jvm_memory_used_bytes gauge\n");
    }

    @Test
    void aMeterThatHangsHoldsUpNoHealth() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Gauge hung = Gauge.builder("hung", () -> {
                    asked.countDown();
                    try {
                        free.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return 1;
                })
                .register(meters.registry());
        Thread scraper = new Thread(() -> asking.get("metrics"));
        scraper.start();
        asked.await();
        assertThat(asking.get("health/live").statusCode()).isEqualTo(200);
        free.countDown();
        scraper.join();
        meters.registry().remove(hung);
    }

    /** Neither paths, methods and remote addresses that others make up, nor the hosts that are spoken to. */
    @Test
    void vertxIsMeasuredAndItsLabelsAreBounded() {
        Vertx vertx = meters.vertx(new VertxOptions()).build();
        try {
            Router router = Router.router(vertx);
            router.get("/v1/tasks/:id").handler(request -> request.response().end("known"));
            int port = Waiting.on(
                            vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                    .actualPort();
            Asking service = new Asking("http://127.0.0.1:" + port + "/");
            // One, and closed: Vert.x closes a client on its own that the garbage collector finds.
            HttpClient client = vertx.createHttpClient();
            for (int i = 0; i < 20; i++) {
                assertThat(service.get("v1/tasks/id-" + i).statusCode()).isEqualTo(200);
                assertThat(service.send("MADEUP" + i, "made-up-" + i, "", "*/*").statusCode())
                        .isGreaterThanOrEqualTo(404);
                String host = i % 2 == 0 ? "127.0.0.1" : "localhost";
                Waiting.on(client.request(HttpMethod.GET, port, host, "/v1/tasks/client-" + i)
                        .compose(request -> request.send())
                        .compose(response -> response.body()));
            }
            Waiting.on(client.close());

            PrometheusText parsed = PrometheusText.parse(asking.get("metrics").body());
            assertThat(parsed.value(
                            "vertx_http_server_requests_total", Map.of("code", "200", "route", "/v1/tasks/:id")))
                    .isEqualTo(40);
            assertThat(parsed.samples().stream()
                            .filter(sample -> sample.name().startsWith("vertx_"))
                            .flatMap(sample -> sample.labels().entrySet().stream())
                            .filter(label -> !label.getKey().equals("route"))
                            .map(label -> label.getKey() + "=" + label.getValue())
                            .collect(Collectors.toSet()))
                    .allMatch(label -> label.matches("code=\\d{3}|side=(local|remote)"));
            assertThat(parsed.types()).doesNotContainKey("vertx_pool_in_use");
            assertThat(asking.get("metrics").body())
                    .doesNotContain("id-1", "made-up", "MADEUP", "127.0.0.1", "localhost", "client-1");
        } finally {
            Waiting.on(vertx.close());
        }
    }

    @Test
    void twoProcessesInOneJvmDoNotShareWhatTheyMeasure() {
        try (Meters others = Meters.open()) {
            Vertx first = meters.vertx(new VertxOptions()).build();
            Vertx second = others.vertx(new VertxOptions()).build();
            int port = Waiting.on(second.createHttpServer()
                            .requestHandler(request -> request.response().end())
                            .listen(0, "127.0.0.1"))
                    .actualPort();
            assertThat(new Asking("http://127.0.0.1:" + port + "/").get("").statusCode())
                    .isEqualTo(200);
            assertThat(new String(others.scrape("text/plain"), UTF_8)).contains("vertx_http_server_requests_total");
            assertThat(asking.get("metrics").body()).doesNotContain("vertx_http_server_requests_total");
            Waiting.on(first.close());
            Waiting.on(second.close());
        }
    }
}
