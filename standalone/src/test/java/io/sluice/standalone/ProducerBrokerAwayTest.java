package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.Waiting;
import io.sluice.producer.ProducerVerticle;
import io.sluice.record.HeaderNames;
import io.sluice.standalone.chaos.BrokerProgram;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker is killed under load and comes back 30 s later: what was answered is there, what could not be taken was told so,
 * nothing blocks ({@link EventLoopsAreNeverBlocked} watches), nothing grows, and everything goes on by itself.
 */
@Tag("chaos")
@Timeout(300)
class ProducerBrokerAwayTest {
    private static final Duration AWAY = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long MEGABYTE = 1 << 20;
    private static final int LINES = 20_000;

    /** Of somebody who would rather hear of it after 10 s than wait for two minutes, and has little memory to spare. */
    private static final Map<String, String> SETTINGS = Map.of(
            "SLUICE_KAFKA_DELIVERY_TIMEOUT_MS", "10000",
            "SLUICE_KAFKA_REQUEST_TIMEOUT_MS", "5000",
            "SLUICE_KAFKA_MAX_BLOCK_MS", "5000",
            "SLUICE_PRODUCER_MAX_BUFFERED", "400");

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setBlockedThreadCheckInterval(100)
            .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
            .setMaxEventLoopExecuteTime(1)
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS));
    private final Vertx clients = Vertx.vertx();
    private final WebClient client = WebClient.create(clients);
    private final Set<String> lines = new HashSet<>();
    private final List<JsonObject> refused = new ArrayList<>();
    private final CountDownLatch gone = new CountDownLatch(1);

    @TempDir
    Path folder;

    private int brokerPort;
    private CommandProcess broker;
    private int port;

    @BeforeEach
    void begin() throws IOException {
        brokerPort = CommandProcess.freePort();
        broker = broker();
    }

    @AfterEach
    void end() {
        gone.countDown();
        Waiting.on(clients.close());
        Waiting.on(vertx.close());
        broker.close();
    }

    @Test
    void aBrokerThatIsAwayCostsNoTaskThatWasTaken() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open("localhost:" + brokerPort, SETTINGS)) {
            ProducerVerticle producer = new ProducerVerticle(pipeline.settings());
            Waiting.on(vertx.deployVerticle(producer));
            port = producer.actualPort();
            await().atMost(PATIENCE).until(() -> state("nobody's") == 404);
            long before = heap();

            SingleTasks singles = SingleTasks.begin(clients, port, 20);
            Thread batch = new Thread(this::batch, "batch-reader");
            batch.start();
            await().atMost(PATIENCE).until(() -> singles.taken.size() > 50);
            broker.close();
            gone.countDown();
            awayFor(AWAY, singles);
            long during = heap();
            assertThat(singles.refused).as("refused for want of room").hasPositiveValue();
            assertThat(singles.unacknowledged).as("not acknowledged").hasPositiveValue();

            broker = broker();
            int takenBefore = singles.taken.size();
            batch.join();
            await().atMost(PATIENCE).until(() -> singles.taken.size() > takenBefore + 50);
            singles.stop();
            await().atMost(PATIENCE).until(() -> singles.answered(singles.submitted()));
            await().atMost(PATIENCE).until(() -> state("nobody's") == 404);
            long after = heap();

            System.out.printf(
                    "broker away for %d s: of %,d lines %,d were taken, of %,d single tasks %,d, %,d refused,"
                            + " %,d not acknowledged; heap before %d, meanwhile %d, after it %d MB%n",
                    AWAY.toSeconds(),
                    LINES,
                    lines.size(),
                    singles.submitted(),
                    singles.taken.size(),
                    singles.refused.get(),
                    singles.unacknowledged.get(),
                    before,
                    during,
                    after);
            assertThat(singles.wrong).isEmpty();
            assertThat(lines.size() + refused.size()).as("lines answered").isEqualTo(LINES);
            assertThat(refused).allMatch(line -> line.getJsonObject("error").getInteger("status") == 503);
            Set<String> written = written(pipeline);
            assertThat(singles.taken).as("taken, and not in the topic").allMatch(written::contains);
            assertThat(lines)
                    .as("lines that were taken, and are not in the topic")
                    .allMatch(written::contains);
            assertThat(during - before).as("the heap's growth in MB").isLessThan(100);
            assertThat(after - before).as("the heap's growth in MB").isLessThan(100);
        }
    }

    private void awayFor(Duration time, SingleTasks singles) {
        long end = System.nanoTime() + time.toNanos();
        await().atMost(PATIENCE).until(() -> state("nobody's") == 503);
        int early = singles.submitted();
        await().atMost(time.plus(PATIENCE)).until(() -> {
            assertThat(state("nobody's")).as("of what nobody can know").isEqualTo(503);
            assertThat(state(singles.taken.element())).as("of what was taken").isEqualTo(200);
            // Also those that came when others had their 10 s behind them already.
            return System.nanoTime() - end >= 0 && singles.answered(early);
        });
    }

    private CommandProcess broker() throws IOException {
        CommandProcess started = CommandProcess.start(
                folder, Map.of(), BrokerProgram.class, folder.resolve("broker").toString(), String.valueOf(brokerPort));
        started.awaitErr(BrokerProgram.UP);
        return started;
    }

    private void batch() {
        try (BatchRequest batch = BatchRequest.start(port, "batch", LINES, this::line)) {
            for (JsonObject answer = batch.next(); answer != null; answer = batch.next()) {
                if (answer.containsKey("error")) {
                    refused.add(answer);
                } else {
                    lines.add(answer.getString("id"));
                }
            }
        } catch (IOException e) {
            throw new AssertionError("the batch cannot be sent", e);
        }
    }

    /** Half of them are sent when the broker is gone. */
    private String line(int n) {
        if (n == LINES / 2) {
            try {
                gone.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return "{\"type\":\"idle\",\"payload\":{\"n\":" + n + "}}";
    }

    /** The status that is answered for a task. */
    private int state(String id) {
        return Waiting.on(client.get(port, "127.0.0.1", "/v1/tasks/" + id).send())
                .statusCode();
    }

    private static Set<String> written(TestPipeline pipeline) {
        Set<String> ids = new HashSet<>();
        pipeline.read(pipeline.settings().topic())
                .forEach(record -> ids.add(HeaderNames.text(record.headers(), HeaderNames.ID)));
        return ids;
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE;
    }
}
