package io.sluice.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.cli.Waiting;
import io.sluice.settings.ManagementSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The management port of a command, if the settings have one; else it does nothing and nothing is measured. Opened before
 * all else and closed after it. Main thread; opening and closing block.
 */
public final class Management implements AutoCloseable {
    private record Open(Meters meters, ManagementServer server) {}

    private final @Nullable Open open;

    private Management(@Nullable Open open) {
        this.open = open;
    }

    /** One that does nothing. */
    public static Management none() {
        return new Management(null);
    }

    /**
     * Opens it, and says where it is.
     *
     * @throws RuntimeException in one line, when the address cannot be listened on
     */
    public static Management open(ManagementSettings settings, PrintWriter out) {
        if (settings.port().isEmpty()) {
            return none();
        }
        Meters meters = Meters.open();
        try {
            ManagementServer server = Waiting.on(ManagementServer.open(settings, meters));
            out.println("Health and metrics at " + server.url());
            out.flush();
            return new Management(new Open(meters, server));
        } catch (RuntimeException e) {
            meters.close();
            throw e;
        }
    }

    /** Makes the Vert.x of a service, which is measured. */
    public VertxBuilder vertx(VertxOptions options) {
        return open == null ? Vertx.builder().with(options) : open.meters.vertx(options);
    }

    /** Where services put their meters; null if nothing is measured. */
    public @Nullable MeterRegistry registry() {
        return open == null ? null : open.meters.registry();
    }

    /** @see ManagementServer#watch */
    public void watch(String name, Observed observed) {
        if (open != null) {
            open.server.watch(name, observed);
        }
    }

    /** @see ManagementServer#page */
    public void page(String path, Supplier<? extends Future<?>> content) {
        if (open != null) {
            open.server.page(path, content);
        }
    }

    /**
     * All is deployed.
     *
     * @param stop when this completes, all comes to its end: the process lives on, and is ready no more
     */
    public void startedUntil(Future<?> stop) {
        if (open != null) {
            ManagementServer server = open.server;
            server.started();
            stop.onComplete(stopping -> server.stopping());
        }
    }

    @Override
    public void close() {
        if (open != null) {
            Waiting.on(open.server.close());
            open.meters.close();
        }
    }
}
