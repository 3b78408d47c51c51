package io.sluice.producer.guard;

import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * The connections of one server: not more than so many, and none that takes its time. One look over all of them about every
 * second asks what has become of each, which costs a request nothing and 10,000 connections next to nothing. Event loop.
 */
final class Connections {
    private final int most;
    private final Duration idle;
    private final LongSupplier nanoTime;
    private final Refusal refusal;
    private final Seldom turnedAway;
    private final Map<HttpConnection, GuardedConnection> open = new HashMap<>();

    Connections(int most, Duration idle, LongSupplier nanoTime, Refusal refusal) {
        this.most = most;
        this.idle = idle;
        this.nanoTime = nanoTime;
        this.refusal = refusal;
        this.turnedAway = new Seldom(LoggerFactory.getLogger(Connections.class), nanoTime);
    }

    /** A connection is there, over TLS once its handshake is done. One too many is closed at once. */
    void opened(HttpConnection connection) {
        if (open.size() >= most) {
            turnedAway.warn("A connection from " + connection.remoteAddress() + " was closed: there are " + most
                    + ", which is producer.max-connections");
            connection.close();
            return;
        }
        open.put(connection, new GuardedConnection(connection, idle, nanoTime.getAsLong()));
        connection.closeHandler(closed -> open.remove(connection));
    }

    /** A request's head is there: its connection is not idle until its response has ended. */
    void begin(RoutingContext request) {
        GuardedConnection connection = open.get(request.request().connection());
        RequestClock clock = new RequestClock(request, idle, nanoTime, refusal);
        if (connection != null) {
            connection.begin(clock);
        }
    }

    void look() {
        long now = nanoTime.getAsLong();
        // A copy, since those that are closed take themselves out.
        List.copyOf(open.values()).forEach(connection -> connection.look(now));
    }

    int size() {
        return open.size();
    }
}
