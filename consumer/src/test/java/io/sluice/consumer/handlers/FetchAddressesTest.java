package io.sluice.consumer.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.PermanentFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where {@code fetch} goes, and where it does not. The names are those of a resolver of the test's own, or of none. */
class FetchAddressesTest {
    /** What the resolver answers, one after the other; the last answer stays. Touched on the event loop only. */
    private final Map<String, Queue<List<InetAddress>>> names = new HashMap<>();

    private final List<String> lookups = new ArrayList<>();
    private final Loop loop = new Loop();
    private final FetchHandler fetch = new FetchHandler(vertx -> this::lookUp);
    private final FetchHandler real = new FetchHandler();
    private final Site site = new Site(request -> {
        String location = request.getParam("to");
        if (location != null) {
            request.response()
                    .setStatusCode(302)
                    .putHeader("location", location)
                    .end();
        } else {
            request.response()
                    .putHeader("content-type", "text/html")
                    .end("<title>" + request.getHeader("host") + "</title>");
        }
    });

    @AfterEach
    void close() {
        loop.get(fetch::stop);
        loop.get(real::stop);
        loop.close();
        site.close();
    }

    private Future<List<InetAddress>> lookUp(String name) {
        lookups.add(name);
        Queue<List<InetAddress>> answers = names.get(name);
        if (answers == null) {
            return Future.failedFuture(new UnknownHostException(name));
        }
        return Future.succeededFuture(answers.size() > 1 ? answers.remove() : answers.element());
    }

    private void resolve(String name, String... addresses) {
        names.computeIfAbsent(name, x -> new ArrayDeque<>())
                .add(Arrays.stream(addresses)
                        .map(address -> Objects.requireNonNull(AddressBlock.literal(address)))
                        .toList());
    }

    private void start(FetchHandler handler, String options) {
        loop.get(() -> handler.start(loop.options(options, 10)));
    }

    private Page page(String url) {
        return loop.get(() -> fetch.handle(new PageRequest(url), new FakeTask(loop.vertx)));
    }

    private Throwable failure(FetchHandler handler, String url) {
        return loop.failure(() -> handler.handle(new PageRequest(url), new FakeTask(loop.vertx)));
    }

    @Test
    void aLocalHostIsNotAskedAndTheMessageNamesWhatWouldAllowIt() {
        start(real, "{}");

        assertThat(failure(real, "http://localhost:" + site.port + "/"))
                .isInstanceOf(PermanentFailure.class)
                .hasMessage("fetch does not ask localhost (127.0.0.1), a loopback address, unless"
                        + " types.fetch.options.allow lists it");
        assertThat(failure(real, site.url("/")))
                .isInstanceOf(PermanentFailure.class)
                .hasMessage(
                        "fetch does not ask 127.0.0.1, a loopback address, unless types.fetch.options.allow lists it");
        assertThat(site.opened).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433:PORT/",
                "http://0x7f000001:PORT/",
                "http://0x7f.1:PORT/",
                "http://0177.0.0.1:PORT/",
                "http://127.1:PORT/",
                "http://127.0.0.1.:PORT/",
                "http://[::ffff:7f00:1]:PORT/",
                "http://[::ffff:127.0.0.1]:PORT/",
                "http://[0:0:0:0:0:ffff:7f00:0001]:PORT/",
                "http://[::127.0.0.1]:PORT/",
                "http://[64:ff9b::127.0.0.1]:PORT/",
                "http://[2002:7f00:1::]:PORT/",
                "http://[::1]:PORT/",
                "http://[::]:PORT/",
                "http://0.0.0.0:PORT/",
                "http://0:PORT/",
                "http://LOCALHOST:PORT/",
                "http://LocalHost.:PORT/",
                "HTTP://localhost:PORT/",
                "http://example.org@127.0.0.1:PORT/",
                "http://example.org:80@127.0.0.1:PORT/",
                "http://user:pass@localhost:PORT/",
                "http://127.0.0.1:PORT#@example.org/",
                "http://127.0.0.1:PORT?@example.org/",
                "http://127.0.0.1:PORT\\@example.org/",
                "http://example.org\\@127.0.0.1:PORT/",
                "http://%31%32%37.0.0.1:PORT/",
                "http://１２７.０.０.１:PORT/",
                "http://ⓛocalhost:PORT/",
                "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/",
                "http://127。0。0。1:PORT/",
                "http://127.0.0.1%00.example.org:PORT/",
                "http://[fe80::1%25lo]:PORT/",
                "//127.0.0.1:PORT/"
            })
    void noWayOfWritingAnAddressLeadsPastTheCheck(String url) {
        start(real, "{'connect-timeout-ms': 2000}");

        Throwable direct = failure(real, url.replace("PORT", String.valueOf(site.port)));

        assertThat(direct).isInstanceOfAny(PermanentFailure.class, ConnectionFailure.class);
        assertThat(site.opened).hasValue(0);
    }

    @Test
    void aNameThatMeansAPrivateAddressIsNotAsked() {
        resolve("intranet.example", "10.1.2.3");
        start(fetch, "{}");

        assertThat(failure(fetch, "http://intranet.example/"))
                .isInstanceOf(PermanentFailure.class)
                .hasMessage("fetch does not ask intranet.example (10.1.2.3), a private address, unless"
                        + " types.fetch.options.allow lists it");
    }

    @Test
    void aNameThatMeansAnotherAddressAMomentLaterIsAskedAtTheOneThatWasChecked() {
        resolve("rebinding.example", "127.0.0.1");
        resolve("rebinding.example", "127.0.0.2");
        start(fetch, "{'allow': ['127.0.0.1/32']}");

        assertThat(page("http://rebinding.example:" + site.port + "/").title())
                .isEqualTo("rebinding.example:" + site.port);
        assertThat(lookups).as("nobody asks again for the connection").containsExactly("rebinding.example");
        assertThat(failure(fetch, "http://rebinding.example:" + site.port + "/"))
                .as("the next request meets the other answer, though a connection to the first is in the pool")
                .isInstanceOf(PermanentFailure.class)
                .hasMessageContaining("rebinding.example (127.0.0.2)");
        assertThat(site.requests).hasSize(1);
    }

    @Test
    void ofSeveralAddressesOnlyTheAllowedAreAsked() {
        resolve("two.example", "10.1.2.3", "127.0.0.1");
        start(fetch, "{'allow': ['127.0.0.1'], 'connect-timeout-ms': 300000}");

        assertThat(page("http://two.example:" + site.port + "/").status()).isEqualTo(200);
    }

    @Test
    void whenOneAddressTakesNoConnectionTheNextIsAsked() {
        resolve("two.example", "127.0.0.9", "127.0.0.1");
        start(fetch, "{'allow': ['127.0.0.0/8']}");

        assertThat(page("http://two.example:" + site.port + "/").status()).isEqualTo(200);
        assertThat(site.requests).hasSize(1);
    }

    @Test
    void aRequestThatWasSentIsNotSentAgainElsewhere() {
        Site closing = new Site(request -> request.connection().close());
        try (closing) {
            resolve("two.example", "127.0.0.1", "127.0.0.1");
            start(fetch, "{'allow': ['127.0.0.0/8']}");

            assertThat(failure(fetch, "http://two.example:" + closing.port + "/"))
                    .isInstanceOf(IOException.class);
            assertThat(closing.requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.1/, '10.0.0.1, a private address'",
        "http://inner.example/, 'inner.example (192.168.1.1), a private address'",
        "//169.254.169.254/latest/meta-data/, '169.254.169.254, a cloud''s metadata address'",
        "https://[fd00:ec2::254]/, 'fd00:ec2::254 (fd00:ec2:0:0:0:0:0:254), a cloud''s metadata address'"
    })
    void aRedirectFromAnAllowedHostToAPrivateOneIsNotFollowed(String location, String refused) {
        resolve("outer.example", "127.0.0.1");
        resolve("inner.example", "192.168.1.1");
        start(fetch, "{'allow': ['outer.example']}");

        assertThat(failure(fetch, "http://outer.example:" + site.port + "/?to=" + location))
                .isInstanceOf(PermanentFailure.class)
                .hasMessageContaining("fetch does not ask " + refused);
    }

    @Test
    void hostsOnOneAddressShareNoConnection() {
        resolve("a.example", "127.0.0.1");
        resolve("b.example", "127.0.0.1");
        start(fetch, "{'allow': ['*.example']}");

        assertThat(page("http://a.example:" + site.port + "/").title()).isEqualTo("a.example:" + site.port);
        assertThat(page("http://b.example:" + site.port + "/").title()).isEqualTo("b.example:" + site.port);
        assertThat(page("http://a.example:" + site.port + "/").title()).isEqualTo("a.example:" + site.port);
        assertThat(site.opened).hasValue(2);
    }

    @Test
    void anUnknownHostIsAnOrdinaryFailure() {
        resolve("empty.example");
        start(fetch, "{}");

        assertThat(failure(fetch, "http://nowhere.example/"))
                .isInstanceOf(ConnectionFailure.class)
                .hasMessage("unknown host: nowhere.example");
        assertThat(failure(fetch, "http://empty.example/"))
                .isInstanceOf(ConnectionFailure.class)
                .hasMessage("unknown host: empty.example");
    }

    @Test
    void aLookupEndsWithItsAttemptAndAfterTheConnectTimeout() {
        FetchHandler slow = new FetchHandler(
                vertx -> name -> Promise.<List<InetAddress>>promise().future());
        start(slow, "{'connect-timeout-ms': 300000}");
        FakeTask task = new FakeTask(loop.vertx);

        assertThat(loop.failure(() -> {
                    Future<Page> attempt = slow.handle(new PageRequest("http://slow.example/"), task);
                    task.cancel();
                    return attempt;
                }))
                .isInstanceOf(CancellationException.class)
                .hasMessage("cancelled: http://slow.example/");
        loop.get(slow::stop);

        start(slow, "{'connect-timeout-ms': 50}");
        assertThat(failure(slow, "http://slow.example/"))
                .isInstanceOf(ConnectionFailure.class)
                .hasMessage("connecting took too long: slow.example:80");
        loop.get(slow::stop);
    }

    @ParameterizedTest
    @ValueSource(strings = {"['localhost']", "'localhost'", "'10.0.0.0/8, localhost'", "['127.0.0.0/8', '::1']"})
    void whatIsAllowedIsAsked(String allow) {
        start(real, "{'allow': " + allow + "}");

        assertThat(loop.get(() -> real.handle(
                                new PageRequest("http://localhost:" + site.port + "/"), new FakeTask(loop.vertx)))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void entriesThatCannotBeAllowedAreFaultsWithTheOthers() {
        assertThat(loop.failure(() ->
                        fetch.start(loop.options("{'allow': ['localhost:80', '10.0.0.0/99', 7], 'max-links': 0}", 1))))
                .hasMessageContainingAll(
                        "types.fetch.options.allow: expected a host name, *.domain, an address or a CIDR block such as"
                                + " 10.0.0.0/8, without scheme and port, but found \"localhost:80\"",
                        "but found \"10.0.0.0/99\"",
                        "but found \"7\"",
                        "types.fetch.options.max-links");
        assertThat(loop.failure(() -> fetch.start(loop.options("{'allow': {}}", 1))))
                .hasMessage("types.fetch.options.allow: expected a list, but found {}");
    }
}
