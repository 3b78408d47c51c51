package io.sluice.producer.guard;

import io.netty.channel.ChannelFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection, and the requests on it: one at a time over HTTP/1.1, several over HTTP/2. It closes when it has served none
 * for {@code idle-timeout}: the time for a request's head, whose bytes alone do not count. Event loop.
 */
final class GuardedConnection {
    /**
     * How long the rest of a body is still taken and thrown away after its answer, since a reset might overtake that; and how
     * long a connection that was closed has for the rest of what was written to it.
     */
    private static final long LINGER = Duration.ofSeconds(1).toNanos();

    private final HttpConnection connection;
    private final long idleNanos;
    private final List<Served> requests = new ArrayList<>(1);
    private long idleSince;
    private boolean closing;
    private long closingSince;

    GuardedConnection(HttpConnection connection, Duration idle, long now) {
        this.connection = connection;
        this.idleNanos = idle.toNanos();
        this.idleSince = now;
    }

    void begin(RequestClock request) {
        requests.removeIf(each -> each.clock.isGone() || (each.clock.isOver() && !each.clock.hasUnreadBody()));
        requests.add(new Served(request));
    }

    void look(long now) {
        if (closing) {
            if (now - closingSince >= LINGER) {
                sever();
            }
        } else if (!requests.isEmpty()) {
            requests.removeIf(served -> isDone(served, now));
            idleSince = now;
        } else if (now - idleSince >= idleNanos) {
            close(now);
        }
    }

    private boolean isDone(Served served, long now) {
        RequestClock clock = served.clock;
        if (clock.isGone()) {
            return true;
        }
        if (!clock.look(now)) {
            cut(clock, now);
            return true;
        }
        if (!clock.isOver()) {
            return false;
        }
        if (!clock.hasUnreadBody() && !clock.saidClose()) {
            return true;
        }
        if (!served.answered) {
            served.answered = true;
            served.answeredAt = now;
            return false;
        }
        if (now - served.answeredAt < LINGER) {
            return false;
        }
        cut(clock, now);
        return true;
    }

    private void cut(RequestClock clock, long now) {
        if (clock.isStream()) {
            clock.reset();
        } else {
            close(now);
        }
    }

    private void close(long now) {
        if (!closing) {
            closing = true;
            closingSince = now;
            connection.close();
        }
    }

    /**
     * Vert.x closes a connection when all that was written to it has been sent, so never one whose client does not read; only
     * its channel can do it.
     */
    private void sever() {
        if (connection instanceof ConnectionBase channel) {
            ChannelFuture unused = channel.channelHandlerContext().close();
        }
    }

    private static final class Served {
        final RequestClock clock;
        boolean answered;
        long answeredAt;

        Served(RequestClock clock) {
            this.clock = clock;
        }
    }
}
