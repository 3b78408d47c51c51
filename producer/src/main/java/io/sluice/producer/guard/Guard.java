package io.sluice.producer.guard;

import io.sluice.producer.guard.WatchedFiles.Watched;
import io.sluice.settings.Listen;
import io.sluice.settings.ProducerSettings;
import io.sluice.settings.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in front of a producer's routes. {@link #open} says whether it may listen at all; {@link #server} makes the
 * server; every request goes through {@link #begin} first and, unless it is open to all, through {@link #admit}. One for
 * each verticle, on its event loop.
 */
public final class Guard {
    private static final Logger log = LoggerFactory.getLogger(Guard.class);
    private static final long LONGEST_LOOK_MILLIS = 1_000;
    private static final int LOOKS_PER_TIMEOUT = 4;

    /** Bodies on their way may take an eighth of the heap. */
    private static final int SHARE_OF_MEMORY = 8;

    private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(10);
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    private final Vertx vertx;
    private final ProducerSettings settings;
    private final Refusal refusal;
    private final @Nullable WatchedFiles<Tokens> tokens;
    private final @Nullable WatchedFiles<PemKeyCertOptions> certificate;
    private final Connections connections;
    private final Bodies bodies;
    private final @Nullable TokenCheck check;
    private long timer = -1;

    private Guard(
            Vertx vertx,
            ProducerSettings settings,
            Refusal refusal,
            @Nullable WatchedFiles<Tokens> tokens,
            @Nullable WatchedFiles<PemKeyCertOptions> certificate) {
        this.vertx = vertx;
        this.settings = settings;
        this.refusal = refusal;
        this.tokens = tokens;
        this.certificate = certificate;
        this.connections = new Connections(
                settings.http().maxConnections(), settings.http().idleTimeout(), System::nanoTime, refusal);
        this.bodies = new Bodies(
                Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY,
                settings.http().maxBodyBytes(),
                refusal);
        this.check = tokens == null ? null : new TokenCheck(tokens::value, refusal, System::nanoTime);
    }

    /**
     * Reads the files of tokens and certificate and looks up the host; fails with a {@link SettingsException} in one line.
     *
     * @param refusal how requests are answered that are not let in
     */
    public static Future<Guard> open(Vertx vertx, ProducerSettings settings, Refusal refusal) {
        Listen listen = settings.listen();
        return vertx.executeBlocking(
                        () -> {
                            Exposure.check(listen);
                            return listen;
                        },
                        false)
                .compose(checked -> tokens(vertx, listen.tokens()))
                .compose(tokens -> certificate(vertx, listen)
                        .map(certificate -> new Guard(vertx, settings, refusal, tokens, certificate)));
    }

    private static Future<@Nullable WatchedFiles<Tokens>> tokens(Vertx vertx, @Nullable Path file) {
        if (file == null) {
            return Future.succeededFuture();
        }
        AtomicBoolean starts = new AtomicBoolean(true);
        return WatchedFiles.open(vertx, List.of(new Watched(Tokens.SETTING, file)), contents -> {
            Tokens read = Tokens.parse(file.toString(), contents.get(0));
            // Later on it says that the last one was withdrawn: then nobody is let in.
            if (starts.getAndSet(false) && read.size() == 0) {
                throw Tokens.fault(file.toString(), "has no token; `sluice token NAME --add " + file + "` adds one");
            }
            return read;
        });
    }

    private static Future<@Nullable WatchedFiles<PemKeyCertOptions>> certificate(Vertx vertx, Listen listen) {
        Path certificate = listen.certificate();
        Path key = listen.key();
        return certificate == null || key == null
                ? Future.succeededFuture()
                : Certificate.open(vertx, certificate, key);
    }

    /** A server that is not listening yet and has no request handler. */
    public HttpServer server() {
        Duration idle = settings.http().idleTimeout();
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(BadRequests.LONGEST_LINE)
                .setMaxHeaderSize(BadRequests.LONGEST_HEADERS)
                .setInitialSettings(new Http2Settings(new HttpServerOptions().getInitialSettings())
                        .setMaxHeaderListSize(BadRequests.LONGEST_HEADERS))
                // Without TLS no HTTP/2: to tell the two apart it would wait for bytes, and be blind to who sends none.
                .setHttp2ClearTextEnabled(false);
        if (certificate != null) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(certificate.value())
                    .setEnabledSecureTransportProtocols(PROTOCOLS)
                    .setSslHandshakeTimeout(Math.min(idle.toMillis(), LONGEST_HANDSHAKE.toMillis()))
                    .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        }
        return vertx.createHttpServer(options)
                .connectionHandler(connections::opened)
                .invalidRequestHandler(new BadRequests(refusal)::answer);
    }

    /** Begins to look after the connections of this server and the files, until {@link #close}. */
    public void watch(HttpServer listening) {
        long idle = settings.http().idleTimeout().toMillis();
        long every = Math.max(1, Math.min(LONGEST_LOOK_MILLIS, idle / LOOKS_PER_TIMEOUT));
        timer = vertx.setPeriodic(every, now -> connections.look());
        if (tokens != null) {
            tokens.watch(fresh -> {});
        }
        if (certificate != null) {
            certificate.watch(fresh -> listening
                    .updateSSLOptions(new ServerSSLOptions()
                            .setKeyCertOptions(fresh)
                            .setEnabledSecureTransportProtocols(PROTOCOLS))
                    .onFailure(failure -> log.error("The new certificate is not in force", failure)));
        }
    }

    public void close() {
        vertx.cancelTimer(timer);
        if (tokens != null) {
            tokens.close();
        }
        if (certificate != null) {
            certificate.close();
        }
    }

    int connections() {
        return connections.size();
    }

    /** What every request goes through first: its clock starts, and headers that may come once come once. */
    public void begin(RoutingContext context) {
        connections.begin(context);
        HttpServerRequest request = context.request();
        String repeated = SingleHeaders.repeated(request.headers());
        if (repeated == null) {
            context.next();
        } else {
            refusal.answer(request, 400, repeated + " is there more than once", repeated);
        }
    }

    /** What a request goes through that needs a token, if the settings name any. */
    public void admit(RoutingContext request) {
        if (check == null) {
            request.next();
        } else {
            check.admit(request);
        }
    }

    /** What a request goes through whose body is held in memory. */
    public void holdBody(RoutingContext request) {
        bodies.admit(request);
    }

    /** What it goes through when the body is there. */
    public void heldBody(RoutingContext request) {
        bodies.read(request);
    }

    /** The name of the token that a request was let in with, or null if none was asked for. */
    public static @Nullable String tokenOf(RoutingContext request) {
        return TokenCheck.nameOf(request);
    }
}
