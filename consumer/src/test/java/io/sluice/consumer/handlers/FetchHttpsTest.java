package io.sluice.consumer.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The address that {@code fetch} connects to is the one that it has checked; the name that it asks for, and that the certificate has to be
 * of, is the URL's all the same. The certificate's maker is one that the JVM trusts, or one that it does not.
 */
class FetchHttpsTest {
    private static final String STORE = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "javax.net.ssl.trustStorePassword";
    private static final String SECRET = "secret";

    @TempDir
    Path folder;

    private final Vertx servers = Vertx.vertx();
    private final List<String> namesAskedFor = new CopyOnWriteArrayList<>();
    private final Loop loop = new Loop();
    private final FetchHandler fetch =
            new FetchHandler(vertx -> name -> Future.succeededFuture(List.of(InetAddress.getLoopbackAddress())));

    @AfterEach
    void close() throws Exception {
        System.clearProperty(STORE);
        System.clearProperty(PASSWORD);
        loop.get(fetch::stop);
        loop.close();
        servers.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aPageIsFetchedByItsNameOverTls() throws Exception {
        int port = serve("pages.test");
        trust();
        start();

        Page page = loop.get(
                () -> fetch.handle(new PageRequest("https://pages.test:" + port + "/a"), new FakeTask(loop.vertx)));

        assertThat(page.title()).isEqualTo("pages.test:" + port);
        assertThat(namesAskedFor).containsOnly("pages.test");
    }

    @Test
    void aCertificateOfAnotherNameIsRefused() throws Exception {
        int port = serve("pages.test");
        trust();
        start();

        assertThat(failure("https://other.test:" + port + "/"))
                .isInstanceOf(ConnectionFailure.class)
                .hasMessageContaining("other.test:" + port);
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefused() throws Exception {
        int port = serve("pages.test");
        start();

        assertThat(failure("https://pages.test:" + port + "/"))
                .isInstanceOf(ConnectionFailure.class)
                .hasMessageContaining("pages.test:" + port);
    }

    private Throwable failure(String url) {
        return loop.failure(() -> fetch.handle(new PageRequest(url), new FakeTask(loop.vertx)));
    }

    private void start() {
        loop.get(() -> fetch.start(loop.options("{\"allow\":[\"*.test\"]}", 10)));
    }

    /** Its pages' title is the host that they were asked of. */
    private int serve(String name) throws Exception {
        Path keys = folder.resolve("keys");
        keytool(
                keys,
                "-genkeypair",
                "-alias",
                "site",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name);
        HttpServer server = servers.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setSni(true)
                        .setKeyCertOptions(
                                new PfxOptions().setPath(keys.toString()).setPassword(SECRET)))
                .requestHandler(request -> {
                    namesAskedFor.add(request.connection().indicatedServerName());
                    request.response()
                            .putHeader("content-type", "text/html")
                            .end("<title>" + request.getHeader("host") + "</title>");
                });
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
    }

    /** The JVM trusts the maker of the site's certificate from here on. */
    private void trust() throws Exception {
        Path certificate = folder.resolve("certificate");
        keytool(folder.resolve("keys"), "-exportcert", "-alias", "site", "-file", certificate.toString());
        Path trusted = folder.resolve("trusted");
        keytool(trusted, "-importcert", "-noprompt", "-alias", "site", "-file", certificate.toString());
        Map.of(STORE, trusted.toString(), PASSWORD, SECRET).forEach(System::setProperty);
    }

    private static void keytool(Path store, String... arguments) throws Exception {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = Stream.concat(
                        Stream.concat(Stream.of(tool), Stream.of(arguments)),
                        Stream.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", SECRET))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
