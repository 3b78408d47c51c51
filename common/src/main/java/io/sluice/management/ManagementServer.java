package io.sluice.management;

import io.sluice.settings.ManagementSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.BindException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells over HTTP how a process is: {@code /health/live}, {@code /health/ready}, {@code /health/started},
 * {@code /metrics}, and whatever else is {@link #page added}; {@code /} lists it.
 *
 * <p>It has a Vert.x of its own with one event loop, so that it answers while those that it tells of are blocked. Every
 * method may be called from any thread; futures complete on that event loop.
 */
public final class ManagementServer {
    private static final Logger log = LoggerFactory.getLogger(ManagementServer.class);

    /**
     * Probes and a few scrapers, each with some connections to spare. One more closes the one that has asked for nothing the
     * longest, so that nobody keeps the probes out by holding connections.
     */
    static final int MOST_CONNECTIONS = 100;

    private static final int LONGEST_PATH = 1_024;
    private static final int MOST_HEADERS = 8_192;
    private static final int IDLE_SECONDS = 30;

    private final Vertx vertx;
    private final String host;
    private final Health health;
    private final Pages pages;
    private volatile int port;
    /** The event loop's: the one that has asked for nothing the longest comes first. */
    private final Map<HttpConnection, HttpConnection> connections = new LinkedHashMap<>(16, 0.75f, true);

    private ManagementServer(Vertx vertx, String host, Meters meters) {
        this.vertx = vertx;
        this.host = host;
        this.health = new Health(vertx);
        this.pages = new Pages(vertx, health, meters);
    }

    /**
     * Listens where the settings say.
     *
     * @param settings with a port
     * @param meters what it tells of; whoever opened them closes them
     * @return fails with one line if the address cannot be listened on
     */
    public static Future<ManagementServer> open(ManagementSettings settings, Meters meters) {
        int wanted = settings.port().orElseThrow(() -> new IllegalArgumentException("management.port is not set"));
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(1));
        ManagementServer opened = new ManagementServer(vertx, settings.host(), meters);
        HttpServerOptions bounds = new HttpServerOptions()
                .setMaxInitialLineLength(LONGEST_PATH)
                .setMaxHeaderSize(MOST_HEADERS)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setHttp2ClearTextEnabled(false);
        // Without a context: when it fails, that of the listening has gone with its Vert.x.
        Promise<ManagementServer> open = Promise.promise();
        vertx.createHttpServer(bounds)
                .requestHandler(opened::answer)
                .connectionHandler(opened::admit)
                .exceptionHandler(failure -> log.debug("A connection to the management port failed", failure))
                .listen(wanted, settings.host())
                .onSuccess(listening -> {
                    opened.port = listening.actualPort();
                    open.complete(opened);
                })
                .onFailure(failure ->
                        vertx.close().onComplete(closed -> open.fail(cannotListen(settings.host(), wanted, failure))));
        return open.future();
    }

    private static IllegalStateException cannotListen(String host, int port, Throwable failure) {
        String why = failure instanceof BindException
                ? "the port is in use, or the address is not this machine's"
                : failure.getMessage();
        return new IllegalStateException(
                "cannot listen on " + host + ":" + port + ": " + why + "; see management.port and management.host",
                failure);
    }

    private void admit(HttpConnection connection) {
        if (connections.size() >= MOST_CONNECTIONS) {
            HttpConnection oldest = connections.keySet().iterator().next();
            connections.remove(oldest);
            oldest.close();
        }
        connections.put(connection, connection);
        connection.closeHandler(closed -> connections.remove(connection));
    }

    private void answer(HttpServerRequest request) {
        // To touch it makes it the last to be closed.
        connections.replace(request.connection(), request.connection());
        pages.handler().handle(request);
    }

    /** Where it listens: {@code http://127.0.0.1:9000/}. */
    public String url() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/";
    }

    public int actualPort() {
        return port;
    }

    /**
     * Asks this one, too, from now on.
     *
     * @param name comes before those of its checks where there are several
     */
    public void watch(String name, Observed observed) {
        health.watch(name, observed);
    }

    /**
     * Adds a page.
     *
     * @param path with its slash
     * @param content what is asked for it, and answers with what Jackson can write
     */
    public void page(String path, Supplier<? extends Future<?>> content) {
        pages.add(path, content);
    }

    /** All that was to be deployed is. */
    public void started() {
        health.started();
    }

    /** What runs in the process comes to its end: it lives on, and is ready no more. */
    public void stopping() {
        health.stopping();
    }

    /** Completes when its threads have ended. */
    public Future<Void> close() {
        return vertx.close();
    }
}
