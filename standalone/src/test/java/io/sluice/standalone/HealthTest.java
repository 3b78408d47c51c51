package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.Waiting;
import io.sluice.consumer.ConsumerVerticle;
import io.sluice.management.Check;
import io.sluice.record.NewTask;
import io.sluice.standalone.broker.EmbeddedBroker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What consumers say of their health, on a real broker. */
class HealthTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
    }

    private ConsumerVerticle deploy(TestPipeline pipeline, Async handler) {
        ConsumerVerticle consumer = new ConsumerVerticle(pipeline.settings(), List.of(handler));
        Waiting.on(vertx.deployVerticle(consumer));
        return consumer;
    }

    private static boolean isReady(ConsumerVerticle consumer) {
        return Waiting.on(consumer.ready()).stream().allMatch(Check::ok);
    }

    private static List<Check> faults(Future<List<Check>> checks) {
        return Waiting.on(checks).stream().filter(check -> !check.ok()).toList();
    }

    private static void send(TestPipeline pipeline) {
        pipeline.send(List.of(NewTask.of("one", "work", "key", "{}".getBytes(UTF_8))
                .toRecord(pipeline.settings().topic(), "/test", null)));
    }

    @Test
    void aBrokerThatGoesAwayIsToldByAllMembersAlsoThoseWithoutAPartition(@TempDir Path folder) throws Exception {
        int port = CommandProcess.freePort();
        EmbeddedBroker broker = EmbeddedBroker.at(folder, port);
        try (TestPipeline pipeline = TestPipeline.open(broker.bootstrapServers(), Map.of())) {
            List<ConsumerVerticle> consumers = new ArrayList<>();
            for (int i = 0; i <= TestPipeline.PARTITIONS; i++) {
                consumers.add(deploy(pipeline, new Async("work", (payload, task) -> Future.succeededFuture("done"))));
            }
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(consumers).allMatch(HealthTest::isReady);
                assertThat(consumers.stream()
                                .map(consumer -> Waiting.on(consumer.status()).partitions())
                                .sorted()
                                .toList())
                        .containsExactly(0, 1, 1, 1, 1);
            });

            broker.close();
            long away = System.nanoTime();
            await().atMost(PATIENCE)
                    .until(() -> consumers.stream()
                            .allMatch(consumer -> faults(consumer.ready()).stream()
                                    .anyMatch(check -> check.name().equals("broker"))));
            System.out.printf("a broker that is away was told after %.1f s%n", (System.nanoTime() - away) / 1e9);
            assertThat(consumers)
                    .allSatisfy(consumer -> assertThat(faults(consumer.live())).isEmpty());

            broker = EmbeddedBroker.at(folder, port);
            long back = System.nanoTime();
            await().atMost(PATIENCE).until(() -> consumers.stream().allMatch(HealthTest::isReady));
            System.out.printf("and its return after %.1f s%n", (System.nanoTime() - back) / 1e9);
            Waiting.on(vertx.close());
        } finally {
            broker.close();
        }
    }

    @Test
    void itAnswersWhileItsEventLoopIsBlocked() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            ConsumerVerticle consumer = deploy(pipeline, new Async("work", (payload, task) -> {
                entered.countDown();
                return Future.succeededFuture(awaitRelease(release));
            }));
            send(pipeline);
            assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            Future<List<Check>> live = consumer.live();
            Future<List<Check>> ready = consumer.ready();
            boolean answered = live.isComplete() && ready.isComplete();
            release.countDown();

            assertThat(answered).isTrue();
            assertThat(live.result()).extracting(Check::name).containsExactly("poll-thread", "event-loop", "stuck");
            assertThat(ready.result()).extracting(Check::name).containsExactly("broker", "group", "sink");
        }
    }

    private static String awaitRelease(CountDownLatch release) {
        try {
            return release.await(PATIENCE.toSeconds(), TimeUnit.SECONDS) ? "released" : "not released";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    @Test
    void whileItDrainsItIsLiveAndNotReadyAndAfterwardsNotReadyEither() {
        Promise<String> held = Promise.promise();
        Promise<String> began = Promise.promise();
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            ConsumerVerticle consumer =
                    new ConsumerVerticle(pipeline.settings(), List.of(new Async("work", (payload, task) -> {
                        began.tryComplete("began");
                        return held.future();
                    })));
            assertThat(faults(consumer.ready()))
                    .containsExactly(new Check("group", false, "this consumer does not run"));
            String id = Waiting.on(vertx.deployVerticle(consumer));
            await().atMost(PATIENCE).until(() -> isReady(consumer));
            send(pipeline);
            assertThat(pipeline.result(began.future())).isEqualTo("began");

            Future<Void> undeployed = vertx.undeploy(id);
            await().atMost(PATIENCE)
                    .until(() -> faults(consumer.ready()).stream()
                            .anyMatch(check -> check.reason().startsWith("it drains and leaves the group")));
            assertThat(faults(consumer.live())).isEmpty();
            held.complete("done");
            Waiting.on(undeployed);

            assertThat(faults(consumer.ready()))
                    .containsExactly(new Check("group", false, "this consumer does not run"));
            assertThat(faults(consumer.live())).isEmpty();
        }
    }
}
