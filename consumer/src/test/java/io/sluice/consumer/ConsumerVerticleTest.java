package io.sluice.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.HandlerContext;
import io.sluice.handler.Handles;
import io.sluice.handler.TaskContext;
import io.sluice.handler.TaskHandler;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What refuses to start, without a broker. */
@ExtendWith(NoBlockedEventLoops.class)
class ConsumerVerticleTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger started = new AtomicInteger();

    @AfterEach
    void close() {
        Tests.close(vertx);
        Tests.await().until(() -> Tests.threads("sluice-") == 0 && Tests.threads("kafka-") == 0);
    }

    private class Echo implements TaskHandler<String, String> {
        @Override
        public String type() {
            return "echo";
        }

        @Override
        public Future<Void> start(HandlerContext context) {
            started.incrementAndGet();
            return Future.succeededFuture();
        }

        @Override
        public Future<String> handle(String payload, TaskContext task) {
            return Future.succeededFuture(payload);
        }
    }

    private static final class Hiding<P> implements TaskHandler<P, P> {
        @Override
        public String type() {
            return "hiding";
        }

        @Override
        public Future<P> handle(P payload, TaskContext task) {
            return Future.succeededFuture(payload);
        }
    }

    private static Settings settings(String broker) {
        Settings defaults = Settings.defaults();
        return new Settings(
                Map.of("bootstrap.servers", broker, "request.timeout.ms", "300", "default.api.timeout.ms", "500"),
                defaults.topic(),
                defaults.defaultType(),
                defaults.consumer(),
                defaults.producer(),
                Map.of());
    }

    private static String freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    private Throwable refusal(List<? extends Handles<?, ?>> handlers) throws IOException {
        return Tests.failure(vertx.deployVerticle(new ConsumerVerticle(settings(freeAddress()), handlers)));
    }

    @Test
    void aBrokerThatIsAwayIsToldInOneLineAndNoHandlerStarts() throws IOException {
        assertThat(refusal(List.of(new Echo())))
                .isInstanceOf(ConsumerFailed.class)
                .hasMessageContaining("no Kafka broker answers at 127.0.0.1")
                .hasMessageNotContaining("\n");
        assertThat(started).hasValue(0);
    }

    @Test
    void aHandlerThatHidesItsPayloadIsToldInOneLine() throws IOException {
        assertThat(refusal(List.of(new Echo(), new Hiding<String>())))
                .isInstanceOf(ConsumerFailed.class)
                .hasMessageContaining(Hiding.class.getName() + " does not say what its payload is")
                .hasMessageNotContaining("\n");
    }

    @Test
    void twoHandlersOfOneTypeAreToldInOneLine() throws IOException {
        assertThat(refusal(List.of(new Echo(), new Echo())))
                .isInstanceOf(ConsumerFailed.class)
                .hasMessageContaining("two handlers serve the type 'echo'")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aConsumerThatDoesNotRunHasNoStatus() {
        ConsumerVerticle verticle = new ConsumerVerticle(settings("127.0.0.1:1"), List.of());
        Throwable refused = Tests.failure(vertx.deployVerticle(verticle));

        assertThat(refused).isInstanceOf(ConsumerFailed.class);
        assertThat(Tests.failure(verticle.status())).hasMessageContaining("not running");
    }
}
