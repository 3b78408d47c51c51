package io.sluice.producer;

import static io.sluice.producer.client.Futures.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.producer.client.Futures;
import io.sluice.producer.client.NotAcknowledged;
import io.sluice.producer.client.Receipt;
import io.sluice.producer.client.ResultWatch;
import io.sluice.producer.client.Tasks;
import io.sluice.record.NewTask;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kafka's own clients, and nobody where the broker should be. */
@Timeout(60)
class AbsentBrokerTest {
    private final Vertx vertx = Vertx.vertx();
    private Map<String, String> kafka = Map.of();

    @BeforeEach
    void nobodyListens() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            kafka = Map.of(
                    "bootstrap.servers",
                    "127.0.0.1:" + socket.getLocalPort(),
                    "max.block.ms",
                    "300",
                    "default.api.timeout.ms",
                    "300",
                    "request.timeout.ms",
                    "200");
        }
    }

    @AfterEach
    void noThreadIsLeft() throws Exception {
        Futures.await(vertx.close());
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("kafka-")
                        || thread.getName().startsWith("sluice-"));
    }

    @Test
    void everySubmittedTaskFailsWithAReason() throws Exception {
        Settings defaults = Settings.defaults();
        Tasks tasks = Tasks.open(
                vertx,
                new Settings(
                        kafka,
                        defaults.topic(),
                        defaults.defaultType(),
                        defaults.consumer(),
                        defaults.producer(),
                        defaults.types()));
        List<Future<Receipt>> receipts = IntStream.range(0, 3)
                .mapToObj(i -> tasks.submit(NewTask.of("t" + i, "fetch", null, "{}".getBytes(UTF_8))))
                .toList();
        for (Future<Receipt> receipt : receipts) {
            assertThat(failure(receipt)).isInstanceOf(NotAcknowledged.class).hasMessageContaining("tasks not present");
        }
        Futures.await(tasks.close());
    }

    @Test
    void aWatchCannotStart() throws Exception {
        assertThat(failure(ResultWatch.start(vertx.getOrCreateContext(), kafka, "tasks.results", null, results -> {})))
                .hasMessageStartingWith("cannot follow topic tasks.results: ")
                .message()
                .hasLineCount(1);
    }
}
