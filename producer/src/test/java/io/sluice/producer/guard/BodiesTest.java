package io.sluice.producer.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.producer.client.Futures;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BodiesTest {
    private static final int LARGEST = 1_000;

    private final Vertx vertx = Vertx.vertx();
    private final Bodies bodies = new Bodies(
            3 * LARGEST,
            LARGEST,
            (request, status, detail, field) ->
                    request.response().setStatusCode(status).end());

    private final Promise<Void> release = Promise.promise();

    @AfterEach
    void close() throws Exception {
        Futures.await(vertx.close());
    }

    @Test
    void bodiesThatAreOnTheirWayTakeNoMoreThanTheirShareOfMemory() throws Exception {
        int port = serve();
        HttpClient client = vertx.createHttpClient();
        List<HttpClientRequest> halfSent = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            HttpClientRequest request = request(client, port).putHeader("content-length", Integer.toString(LARGEST));
            Futures.await(request.write("x"));
            halfSent.add(request);
        }
        HttpClientRequest chunked = request(client, port).setChunked(true);
        Futures.await(chunked.write("x"));
        halfSent.add(chunked);
        await().until(() -> bodies.held() == 3 * LARGEST);

        assertThat(Futures.await(request(client, port).send("1")).statusCode()).isEqualTo(429);
        assertThat(Futures.await(request(client, port).send("x".repeat(LARGEST + 1)))
                        .statusCode())
                .isEqualTo(413);

        chunked.end();
        for (HttpClientRequest request : halfSent) {
            if (!request.isChunked()) {
                request.end("x".repeat(LARGEST - 1));
            }
            assertThat(Futures.await(request.response()).statusCode()).isEqualTo(200);
        }
        await().until(() -> bodies.held() == 0);
        assertThat(Futures.await(request(client, port).send("1")).statusCode()).isEqualTo(200);
        await().until(() -> bodies.held() == 0);
    }

    @Test
    void aBodyThatIsReadCountsWithWhatItHas() throws Exception {
        int port = serve();
        HttpClient client = vertx.createHttpClient();
        HttpClientRequest waiting = Futures.await(client.request(HttpMethod.POST, port, "127.0.0.1", "/held"))
                .setChunked(true);
        waiting.end("12345");
        await().until(() -> bodies.held() == 5);
        release.complete();
        assertThat(Futures.await(waiting.response()).statusCode()).isEqualTo(200);
        await().until(() -> bodies.held() == 0);
    }

    private static HttpClientRequest request(HttpClient client, int port) throws Exception {
        return Futures.await(client.request(HttpMethod.POST, port, "127.0.0.1", "/"));
    }

    private int serve() throws Exception {
        Router router = Router.router(vertx);
        router.errorHandler(
                413, request -> request.response().setStatusCode(413).end());
        router.post().handler(bodies::admit);
        router.post("/held")
                .handler(BodyHandler.create(false))
                .handler(bodies::read)
                .handler(request -> release.future()
                        .onComplete(released -> request.response().end()));
        router.post("/")
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST))
                .handler(request -> request.response().end());
        HttpServer server =
                Futures.await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        return server.actualPort();
    }
}
