package io.sluice.producer.guard;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A connection, and the requests on it: one at a time over HTTP/1.1, several over HTTP/2. It closes when it has served none
 * for {@code idle-timeout}: the time for a request's head, whose bytes alone do not count. Event loop.
 */
final class GuardedConnection {
    /** How long the rest of a body is still taken and thrown away after its answer: else a reset might overtake that. */
    private static final long LINGER = Duration.ofSeconds(1).toNanos();

    private final HttpConnection connection;
    private final long idleNanos;
    private final List<Served> requests = new ArrayList<>(1);
    private long idleSince;

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
        if (!requests.isEmpty()) {
            for (Iterator<Served> all = requests.iterator(); all.hasNext(); ) {
                if (isDone(all.next(), now)) {
                    all.remove();
                }
            }
            idleSince = now;
        } else if (now - idleSince >= idleNanos) {
            connection.close();
        }
    }

    private static boolean isDone(Served served, long now) {
        RequestClock clock = served.clock;
        if (clock.isGone()) {
            return true;
        }
        if (!clock.look(now)) {
            clock.cut();
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
        clock.cut();
        return true;
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
