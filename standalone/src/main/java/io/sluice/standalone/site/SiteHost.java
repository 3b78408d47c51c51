package io.sluice.standalone.site;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One host: a server on a port of its own, wholly on the event loop of its deployment, so that it counts its requests in
 * the order of their arrival. Name and counts may be read from any thread.
 */
final class SiteHost extends VerticleBase {
    private static final long LOOK_AGAIN_MILLIS = 5;

    private final Pages pages;
    private final SiteBehaviour behaviour;
    private final Random random;
    private int inService;
    private int abandoned;
    private volatile int mostInService;
    private volatile SiteCounts counts = new SiteCounts(0, 0, 0, 0);
    private volatile @Nullable String name;

    SiteHost(Pages pages, SiteBehaviour behaviour, long seed) {
        this.pages = pages;
        this.behaviour = behaviour;
        this.random = new Random(seed);
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(DemoSite.ADDRESS)
                .setPort(0)
                .setAcceptBacklog(4096)
                .setHttp2ClearTextEnabled(false);
        return vertx.createHttpServer(options)
                .requestHandler(request -> context.runOnContext(turn -> arrived(request)))
                .listen()
                .onSuccess(this::listening);
    }

    private void listening(HttpServer server) {
        name = DemoSite.ADDRESS + ":" + server.actualPort();
    }

    /** Address and port, once it is deployed. */
    String name() {
        String known = name;
        if (known == null) {
            throw new IllegalStateException("The host does not listen yet");
        }
        return known;
    }

    int mostInService() {
        return mostInService;
    }

    SiteCounts counts() {
        return counts;
    }

    /**
     * One turn of the loop after the request was read: Netty tells of a closed connection one turn late as well, and so a
     * visitor who first closes one connection and then sends on another is heard in this order.
     *
     * <p>A loop that lags reads requests whose connections are closed already, and learns of that with its next look at
     * the network only. So one request too many is judged a little later, without those that turned out to be gone.
     */
    private void arrived(HttpServerRequest request) {
        int others = inService;
        if (others < behaviour.limitPerHost()) {
            judge(request, others);
        } else {
            int gone = abandoned;
            vertx.setTimer(LOOK_AGAIN_MILLIS, due -> judge(request, Math.max(inService, others - (abandoned - gone))));
        }
    }

    /** @param others that were in service beside it */
    private void judge(HttpServerRequest request, int others) {
        if (request.response().closed()) {
            return;
        }
        Visit visit = new Visit(request.response());
        mostInService = Math.max(mostInService, others + 1);
        if (others >= behaviour.limitPerHost()) {
            count(new SiteCounts(0, 0, 0, 1));
            visit.response.putHeader("retry-after", "1");
            visit.answer(429, Buffer.buffer("Too many requests at once\n"));
            return;
        }
        Buffer page = pages.at(request.path());
        if (page == null) {
            visit.answer(404, Buffer.buffer("No such page\n"));
            return;
        }
        double fate = random.nextDouble();
        int range = (int) behaviour.maxDelay().minus(behaviour.minDelay()).toMillis();
        long delay = behaviour.minDelay().toMillis() + random.nextInt(range + 1);
        if (fate < behaviour.hangShare()) {
            count(new SiteCounts(0, 0, 1, 0));
        } else if (fate < behaviour.hangShare() + behaviour.unavailableShare()) {
            visit.answerAfter(delay, () -> {
                count(new SiteCounts(0, 1, 0, 0));
                visit.answer(503, Buffer.buffer("Unavailable, try again\n"));
            });
        } else {
            visit.answerAfter(delay, () -> {
                count(new SiteCounts(1, 0, 0, 0));
                visit.response.putHeader("content-type", "text/html; charset=utf-8");
                visit.answer(200, page);
            });
        }
    }

    private void count(SiteCounts one) {
        counts = counts.plus(one);
    }

    /** One request in service: from its arrival until its answer is written or its connection is closed. */
    private final class Visit {
        private static final long NO_TIMER = -1;

        private final HttpServerResponse response;
        private long timer = NO_TIMER;
        private boolean left;

        Visit(HttpServerResponse response) {
            this.response = response;
            inService++;
            response.closeHandler(closed -> {
                abandoned += left ? 0 : 1;
                leave();
            });
        }

        void answerAfter(long delay, Runnable answer) {
            if (delay == 0) {
                answer.run();
            } else {
                timer = vertx.setTimer(delay, due -> answer.run());
            }
        }

        void answer(int status, Buffer body) {
            // Before the write: the visitor may send its next request as soon as it has read this answer.
            leave();
            response.setStatusCode(status).end(body);
        }

        private void leave() {
            if (!left) {
                left = true;
                inService--;
                vertx.cancelTimer(timer);
            }
        }
    }
}
