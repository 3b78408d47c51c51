package io.sluice.consumer.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchHandlerTest {
    private final Loop loop = new Loop();
    private final FetchHandler fetch = new FetchHandler();
    private final List<Site> sites = new ArrayList<>();

    @AfterEach
    void close() {
        loop.get(fetch::stop);
        loop.close();
        sites.forEach(Site::close);
    }

    private Site site(Handler<HttpServerRequest> answer) {
        Site site = new Site(answer);
        sites.add(site);
        return site;
    }

    private void start(String options) {
        loop.get(() -> fetch.start(loop.options(Site.allowed(options), 10)));
    }

    private Page page(String url) {
        return loop.get(() -> fetch.handle(new PageRequest(url), new FakeTask(loop.vertx)));
    }

    private Throwable failure(String url) {
        return loop.failure(() -> fetch.handle(new PageRequest(url), new FakeTask(loop.vertx)));
    }

    private static Handler<HttpServerRequest> html(String html) {
        return request -> request.response()
                .putHeader("content-type", "text/html; charset=utf-8")
                .end(html);
    }

    @Test
    void aPageHasItsTitleHeadingsLinksAndWords() {
        Site site = site(html("""
                <html><head><title> A  title </title><script>var no = "words";</script></head><body>
                <h1>First <em>heading</em></h1><h2></h2><p>four words and an</p>
                <a href="/b?x=1#part">b</a> <a href="c">c</a> <a href="/b?x=1">b</a>
                <a href="mailto:a@b.c">mail</a> <a href="javascript:go()">go</a> <a href="#top">top</a>
                <h3>Second</h3></body></html>"""));
        start("{}");

        assertThat(page(site.url("/dir/page#fragment")))
                .isEqualTo(new Page(
                        site.url("/dir/page"),
                        200,
                        "A title",
                        List.of("First heading", "Second"),
                        List.of(site.url("/b?x=1"), site.url("/dir/c"), site.url("/dir/page")),
                        13));
    }

    @Test
    void linksAreBounded() {
        Site site = site(html("<a href=1>1</a><a href=2>2</a><a href=3>3</a>"));
        start("{'max-links': 2}");

        assertThat(page(site.url("/")).links()).containsExactly(site.url("/1"), site.url("/2"));
    }

    @Test
    void aPageIsReadOnlyByTheTasksBlockingCode() {
        Site site = site(html("<title>t</title>"));
        start("{}");
        List<Object> made = new ArrayList<>();
        Page page = loop.get(() -> fetch.handle(new PageRequest(site.url("/")), new FakeTask(loop.vertx) {
            @Override
            public <T> Future<T> blocking(Callable<T> code) {
                return super.blocking(() -> {
                    assertThat(Context.isOnWorkerThread()).isTrue();
                    T result = code.call();
                    made.add(result);
                    return result;
                });
            }
        }));

        assertThat(made).hasSize(1);
        assertThat(page).isSameAs(made.get(0));
    }

    @Test
    void aDocumentThatIsNotHtmlIsASuccessWithoutContent() {
        Site site = site(request ->
                request.response().putHeader("content-type", "application/pdf").end("%PDF <title>no</title>"));
        start("{}");

        assertThat(page(site.url("/a.pdf"))).isEqualTo(new Page(site.url("/a.pdf"), 200, "", List.of(), List.of(), 0));
    }

    @Test
    void anEmptyAnswerIsAnEmptyPage() {
        Site site = site(request -> request.response().setStatusCode(204).end());
        start("{}");

        assertThat(page(site.url("/"))).isEqualTo(new Page(site.url("/"), 204, "", List.of(), List.of(), 0));
    }

    @ParameterizedTest
    @CsvSource({
        "text/html; charset=ISO-8859-1,       ISO-8859-1, <title>Größe</title>",
        "text/html; charset=\"windows-1252\", ISO-8859-1, <title>Größe</title>",
        "text/html,                           ISO-8859-1, <meta charset=iso-8859-1><title>Größe</title>",
        "text/html; charset=klingon,          UTF-8,      <title>Größe</title>",
        "text/html,                           UTF-8,      <title>Größe</title>",
        "text/html,                           UTF-16,     <title>Größe</title>"
    })
    void theCharsetIsTheHeadersOrElseThePages(String contentType, String charset, String html) {
        Site site = site(request ->
                request.response().putHeader("content-type", contentType).end(Buffer.buffer(html, charset)));
        start("{}");

        assertThat(page(site.url("/")).title()).isEqualTo("Größe");
    }

    @Test
    void redirectsAreFollowedOneConnectionAtATime() {
        Map<String, String> moved = Map.of("/a", "/b/", "/b/", "c", "/b/c", "?d=1");
        Site site = site(request -> {
            String location = moved.get(request.uri());
            if (location == null) {
                html("<title>here</title>").handle(request);
            } else {
                request.response()
                        .setStatusCode(302)
                        .putHeader("location", location)
                        .end("moved");
            }
        });
        start("{}");

        assertThat(page(site.url("/a")).title()).isEqualTo("here");
        assertThat(site.requests).containsExactly("GET /a", "GET /b/", "GET /b/c", "GET /b/c?d=1");
        assertThat(site.opened).hasValue(1);
    }

    @Test
    void aPageIsNamedByWhereItWasFound() {
        Site site = site(request -> {
            if (request.path().equals("/old/")) {
                request.response()
                        .setStatusCode(308)
                        .putHeader("location", "/new/#part")
                        .end();
            } else {
                html("<a href=x>x</a>").handle(request);
            }
        });
        start("{}");

        Page page = page(site.url("/old/"));

        assertThat(page.url()).isEqualTo(site.url("/new/"));
        assertThat(page.links()).containsExactly(site.url("/new/x"));
    }

    @Test
    void redirectsInACircleArePermanent() {
        Site site = site(request ->
                request.response().setStatusCode(302).putHeader("location", "/").end());
        start("{}");

        assertThat(failure(site.url("/")))
                .isInstanceOf(PermanentFailure.class)
                .hasMessage("more than 10 redirects, the last one from " + site.url("/"));
        assertThat(site.requests).hasSize(11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://127.0.0.1/", "http://", "http:// bad /"})
    void aRedirectToWhatCannotBeFetchedIsPermanent(String location) {
        Site site = site(request -> request.response()
                .setStatusCode(302)
                .putHeader("location", location)
                .end());
        start("{}");

        assertThat(failure(site.url("/"))).isInstanceOf(PermanentFailure.class).hasMessageContaining(location);
    }

    @ParameterizedTest
    @CsvSource({
        "408, Request Timeout", "425, Too Early", "429, Too Many Requests",
        "500, Internal Server Error", "502, Bad Gateway", "503, Service Unavailable"
    })
    void whatMayPassIsAnOrdinaryFailure(int status, String reason) {
        Site site = site(request -> request.response()
                .setStatusCode(status)
                .setStatusMessage(reason)
                .end());
        start("{}");

        assertThat(failure(site.url("/x")))
                .isInstanceOf(IOException.class)
                .hasMessage(status + " " + reason + " from " + site.url("/x"));
    }

    @ParameterizedTest
    @CsvSource({"400, Bad Request", "404, Not Found", "410, Gone", "304, Not Modified", "302, Found"})
    void whatWillNotChangeIsPermanent(int status, String reason) {
        Site site = site(request -> request.response().setStatusCode(status).end());
        start("{}");

        assertThat(failure(site.url("/x")))
                .isInstanceOf(PermanentFailure.class)
                .hasMessage(status + " " + reason + " from " + site.url("/x"));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void aServersRetryAfterIsObeyed(int status) {
        Site site = site(request -> request.response()
                .setStatusCode(status)
                .putHeader("retry-after", "7")
                .end());
        start("{}");

        assertThat(failure(site.url("/")))
                .isInstanceOfSatisfying(
                        RetryLater.class, later -> assertThat(later.delay()).isEqualTo(Duration.ofSeconds(7)))
                .hasMessageStartingWith(status + " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "http://",
                "http:///x",
                "ftp://a.b/c",
                "http://a b/",
                "//a.b/c",
                "http://a:99999/"
            })
    void aUrlThatCannotBeFetchedIsPermanentAndNamed(String url) {
        start("{}");

        assertThat(failure(url)).isInstanceOf(PermanentFailure.class).hasMessageContaining(url);
    }

    @Test
    void aRefusedConnectionIsAnOrdinaryFailureInOneLine() throws IOException {
        int port;
        try (ServerSocket closedSoon = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closedSoon.getLocalPort();
        }
        start("{}");

        assertThat(failure("http://127.0.0.1:" + port + "/"))
                .isInstanceOf(IOException.class)
                .hasMessage("connection refused: 127.0.0.1:" + port);
    }

    @Test
    void aConnectionThatBreaksIsAnOrdinaryFailureInOneLine() {
        Site site = site(request -> {
            request.response().putHeader("content-length", "100").write("half");
            loop.vertx.setTimer(10, x -> request.connection().close());
        });
        start("{}");

        assertThat(failure(site.url("/")))
                .isInstanceOf(IOException.class)
                .hasMessage("connection closed before the answer was complete: 127.0.0.1:" + site.port);
    }

    @Test
    void anHttpsUrlIsFetchedWithTls() {
        Site site = site(html(""));
        start("{}");

        assertThat(failure(site.url("/").replace("http:", "https:")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("no TLS connection: 127.0.0.1:" + site.port);
        assertThat(site.requests).isEmpty();
    }

    @Test
    void theUserAgentIsTheOptions() {
        Site site = site(request ->
                html("<title>" + request.getHeader("user-agent") + "</title>").handle(request));
        start("{'user-agent': 'Robot/1.0'}");

        assertThat(page(site.url("/")).title()).isEqualTo("Robot/1.0");
    }

    @Test
    void everyFaultOfTheOptionsIsNamedAtOnce() {
        Throwable failure = loop.failure(() -> fetch.start(
                loop.options("{'user-agnt': 'x', 'max-body': '4 MiB', 'max-links': 0, 'user-agent': 'a\\nb'}", 1)));

        assertThat(failure)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "types.fetch.options.user-agnt: no such option; there are user-agent, max-body, max-links, connect-timeout-ms, allow",
                        "types.fetch.options.max-body: expected a whole number from 1 to 2147483647, but found \"4 MiB\"",
                        "types.fetch.options.max-links: expected a whole number",
                        "types.fetch.options.user-agent: cannot be sent as an HTTP header");
    }
}
