package io.sluice.standalone.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoSiteTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration SOON = Duration.ofMillis(3);
    private static final long SEED = 42;

    private static Pages pages;

    private Vertx vertx;

    @BeforeAll
    static void loadPages() {
        pages = Pages.load();
    }

    @BeforeEach
    void openVertx() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void closeVertx() {
        get(vertx.close());
    }

    @Test
    void everyUrlIsAnotherOneAndAnsweredByHtml() {
        DemoSite site = open(new SiteBehaviour(4, 10, AT_ONCE, AT_ONCE, 0, 0));
        WebClient client = client(10);

        List<String> urls = site.urls(3000).toList();
        assertThat(urls).doesNotHaveDuplicates().hasSize(3000);
        List<Future<HttpResponse<Buffer>>> answers =
                urls.stream().map(url -> client.getAbs(url).send()).toList();

        assertThat(answers).allSatisfy(answer -> {
            HttpResponse<Buffer> page = get(answer);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.getHeader("content-type")).startsWith("text/html");
            assertThat(page.bodyAsString()).containsIgnoringCase("<html");
        });
        assertThat(site.counts()).isEqualTo(new SiteCounts(3000, 0, 0, 0));
    }

    @Test
    void aVisitorWhoClosesBeforeHeSendsAgainIsNeverCountedTwice() throws IOException {
        DemoSite site = open(new SiteBehaviour(1, 1, AT_ONCE, AT_ONCE, 0, 1));
        URI url = URI.create(site.url(0));
        byte[] request =
                ("GET " + url.getPath() + " HTTP/1.1\r\nHost: site\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        List<Socket> visitors = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                visitors.add(new Socket(url.getHost(), url.getPort()));
            }
            for (int i = 0; i < visitors.size(); i++) {
                visitors.get(i).getOutputStream().write(request);
                int arrived = i + 1;
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> site.counts().hung() + site.counts().refused() == arrived);
                visitors.get(i).close();
            }
        } finally {
            for (Socket visitor : visitors) {
                visitor.close();
            }
        }

        assertThat(site.mostInServicePerHost().values()).containsExactly(1);
    }

    @Test
    void neighboursAreOnDifferentHosts() {
        DemoSite site = open(new SiteBehaviour(3, 10, AT_ONCE, AT_ONCE, 0, 0));

        assertThat(site.hosts()).hasSize(3).doesNotHaveDuplicates().allMatch(host -> host.startsWith("127.0.0.1:"));
        assertThat(IntStream.range(0, 6).mapToObj(site::url))
                .allSatisfy(url -> assertThat(url).contains(site.hosts().get(url.charAt(url.length() - 1) % 3)));
    }

    @Test
    void requestsOverTheLimitAreRefusedAndCounted() {
        DemoSite site = open(hanging(10));
        WebClient client = client(12);

        List<Future<HttpResponse<Buffer>>> answers = IntStream.range(0, 12)
                .mapToObj(n -> client.getAbs(site.url(n)).send())
                .toList();

        await().atMost(PATIENCE)
                .until(() -> answers.stream().filter(Future::isComplete).count() == 2);
        assertThat(answers.stream().filter(Future::isComplete)).allSatisfy(answer -> {
            assertThat(get(answer).statusCode()).isEqualTo(429);
            assertThat(get(answer).getHeader("retry-after")).isEqualTo("1");
        });
        assertThat(site.mostInServicePerHost())
                .containsExactly(Map.entry(site.hosts().get(0), 11));
        assertThat(site.counts()).isEqualTo(new SiteCounts(0, 0, 10, 2));
    }

    @Test
    void aVisitorThatKeepsToTheLimitIsNeverRefused() {
        DemoSite site = open(new SiteBehaviour(2, 10, AT_ONCE, SOON, 0.1, 0));
        WebClient client = client(10);

        List<Future<HttpResponse<Buffer>>> answers =
                site.urls(600).map(url -> client.getAbs(url).send()).toList();

        answers.forEach(DemoSiteTest::get);
        assertThat(site.counts().refused()).isZero();
        assertThat(site.mostInServicePerHost().values()).allMatch(most -> most > 1 && most <= 10);
    }

    @Test
    void aHangingRequestHoldsItsPlaceUntilItsConnectionCloses() {
        DemoSite site = open(hanging(1));
        HttpClient client = vertx.createHttpClient();
        RequestOptions url = new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(site.url(0));
        HttpClientRequest hanging = get(client.request(url));
        Future<HttpClientResponse> never = hanging.send();
        await().atMost(PATIENCE).until(() -> site.counts().hung() == 1);

        assertThat(status(client, url)).isEqualTo(429);
        assertThat(never.isComplete()).isFalse();
        get(hanging.reset());

        await().atMost(PATIENCE).until(() -> {
            client.request(url).compose(HttpClientRequest::send);
            return site.counts().hung() == 2;
        });
        assertThat(site.mostInServicePerHost().values()).containsExactly(2);
    }

    @Test
    void aConnectionClosedBeforeItsAnswerFreesItsPlaceOnce() {
        DemoSite site = open(new SiteBehaviour(1, 1, Duration.ofMillis(500), Duration.ofMillis(500), 0, 0));
        HttpClient client = vertx.createHttpClient();
        RequestOptions url = new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(site.url(0));
        HttpClientRequest abandoned = get(client.request(url));
        abandoned.send();
        await().atMost(PATIENCE).until(() -> site.mostInServicePerHost().containsValue(1));
        get(abandoned.reset());

        await().atMost(PATIENCE).until(() -> status(client, url) == 200);
        List<Future<Integer>> two = List.of(answer(client, url), answer(client, url));

        assertThat(two.stream().map(DemoSiteTest::get)).containsExactlyInAnyOrder(200, 429);
        assertThat(site.counts().served()).isEqualTo(2);
    }

    @Test
    void failuresComeInTheirShare() {
        DemoSite site = open(new SiteBehaviour(1, 10, AT_ONCE, AT_ONCE, 0.1, 0));

        List<Integer> statuses = statuses(site, 1000);

        assertThat(statuses.stream().filter(status -> status == 503).count()).isBetween(60L, 140L);
        assertThat(site.counts().unavailable() + site.counts().served()).isEqualTo(1000);
    }

    @Test
    void hangsComeInTheirShare() {
        DemoSite site = open(new SiteBehaviour(1, 1000, AT_ONCE, AT_ONCE, 0, 0.1));
        WebClient client = client(500);

        site.urls(500).forEach(url -> client.getAbs(url).send());

        await().atMost(PATIENCE)
                .until(() -> site.counts().served() + site.counts().hung() == 500);
        assertThat(site.counts().hung()).isBetween(20L, 90L);
    }

    @Test
    void theSameSeedFaresTheSame() {
        SiteBehaviour behaviour = new SiteBehaviour(1, 10, AT_ONCE, AT_ONCE, 0.5, 0);
        List<Integer> first = statuses(open(behaviour), 100);

        assertThat(statuses(open(behaviour), 100)).isEqualTo(first);
        assertThat(statuses(get(DemoSite.open(vertx, pages, behaviour, SEED + 1)), 100))
                .isNotEqualTo(first);
    }

    @Test
    void noAnswerComesBeforeItsDelay() {
        DemoSite site = open(new SiteBehaviour(1, 10, Duration.ofMillis(60), Duration.ofMillis(80), 0, 0));
        long begin = System.nanoTime();

        statuses(site, 1);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(59));
    }

    @Test
    void anUnknownPathIsNotFound() {
        DemoSite site = open(SiteBehaviour.standard(1, 10));

        assertThat(get(client(1)
                                .getAbs("http://" + site.hosts().get(0) + "/nowhere.html")
                                .send())
                        .statusCode())
                .isEqualTo(404);
        assertThat(site.counts()).isEqualTo(new SiteCounts(0, 0, 0, 0));
    }

    @Test
    void closingEndsWhatHangsAndFreesThePorts() {
        DemoSite site = open(hanging(10));
        Future<HttpResponse<Buffer>> hanging = client(1).getAbs(site.url(0)).send();
        await().atMost(PATIENCE).until(() -> site.counts().hung() == 1);

        get(site.close());

        assertThatThrownBy(() -> get(hanging)).isNotNull();
        assertThatThrownBy(() -> get(client(1).getAbs(site.url(0)).send()))
                .hasRootCauseInstanceOf(ConnectException.class);
        get(site.close());
    }

    @Test
    void theStandardSiteIsTheOneOfTheDemo() {
        assertThat(SiteBehaviour.standard(4, 10))
                .isEqualTo(new SiteBehaviour(4, 10, Duration.ofMillis(20), Duration.ofMillis(100), 0.01, 0.002));
    }

    @Test
    void aSiteThatCannotBeIsRefused() {
        assertThatThrownBy(() -> SiteBehaviour.standard(0, 10)).hasMessage("hosts must be at least 1, not 0");
        assertThatThrownBy(() -> SiteBehaviour.standard(1, 0)).hasMessage("limitPerHost must be at least 1, not 0");
        assertThatThrownBy(() -> new SiteBehaviour(1, 1, SOON, AT_ONCE, 0, 0))
                .hasMessage("minDelay PT0.003S must not be above maxDelay PT0S");
        assertThatThrownBy(() -> new SiteBehaviour(1, 1, AT_ONCE, SOON, 0.6, 0.6))
                .hasMessageContaining("must not exceed 1 together");
    }

    private static SiteBehaviour hanging(int limit) {
        return new SiteBehaviour(1, limit, AT_ONCE, AT_ONCE, 0, 1);
    }

    private DemoSite open(SiteBehaviour behaviour) {
        return get(DemoSite.open(vertx, pages, behaviour, SEED));
    }

    private WebClient client(int connectionsPerHost) {
        return WebClient.create(vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(connectionsPerHost));
    }

    /** One after the other, so that they arrive in this order. */
    private List<Integer> statuses(DemoSite site, int count) {
        WebClient client = client(1);
        List<Integer> statuses = new ArrayList<>();
        site.urls(count)
                .forEach(url -> statuses.add(get(client.getAbs(url).send()).statusCode()));
        return statuses;
    }

    private static int status(HttpClient client, RequestOptions url) {
        return get(answer(client, url));
    }

    private static Future<Integer> answer(HttpClient client, RequestOptions url) {
        return client.request(url)
                .compose(request ->
                        request.send().compose(response -> response.body().map(body -> response.statusCode())));
    }

    private static <T> T get(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
