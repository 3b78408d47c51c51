package io.sluice.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.kafka.ClientMetrics;
import io.sluice.kafka.KafkaClients;
import io.sluice.management.Check;
import io.sluice.producer.client.Broker;
import io.sluice.producer.client.Futures;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.intake.FedResults;
import io.sluice.producer.metrics.ProducerMetrics;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a producer measures and says of itself, over all ways on which tasks come in. */
@Timeout(120)
class ProducerMetricsTest {
    private static final String TASK = "{\"payload\":1}";
    private static final String NONSENSE = "{\"payload\"";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ProducerMetrics metrics = ProducerMetrics.in(registry);
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final WebClient client = WebClient.create(vertx);

    @AfterEach
    void nothingIsLeft() throws Exception {
        client.close();
        Futures.await(vertx.close());
        assertThat(registry.getMeters()).extracting(Meter::getId).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("sluice-") || name.startsWith("micrometer-"));
    }

    private ProducerVerticle deploy(Broker broker, int maxBuffered) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("SLUICE_PRODUCER_PORT", "0"));
        // Nothing listens there.
        environment.put("SLUICE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
        Settings settings = SettingsLoader.load(null, environment);
        ProducerVerticle verticle = new ProducerVerticle(
                settings,
                vertx -> Tasks.open(vertx, "tasks", maxBuffered, () -> broker, metrics),
                FedResults.none(),
                metrics);
        Futures.await(vertx.deployVerticle(verticle));
        return verticle;
    }

    private Future<HttpResponse<Buffer>> post(ProducerVerticle producer, String path, String type, String body) {
        return client.post(producer.actualPort(), "127.0.0.1", path)
                .putHeader("content-type", type)
                .sendBuffer(Buffer.buffer(body));
    }

    private Future<HttpResponse<Buffer>> post(ProducerVerticle producer, String body) {
        return post(producer, "/v1/tasks", "application/json", body);
    }

    private double count(String source, String outcome) {
        return registry.get("sluice.producer.tasks")
                .tags("source", source, "outcome", outcome)
                .functionCounter()
                .count();
    }

    private double gauge(String name) {
        return registry.get("sluice.producer." + name).gauge().value();
    }

    @Test
    void everyWayInCountsWhatBecameOfItsTasks() throws Exception {
        Broker broker = Broker.thatAcknowledges();
        ProducerVerticle producer = deploy(broker, 100);
        Futures.await(post(producer, TASK));
        Futures.await(post(producer, TASK));
        Futures.await(post(producer, NONSENSE));
        Futures.await(post(
                producer,
                "/v1/tasks:batch",
                "application/x-ndjson",
                TASK + "\n" + NONSENSE + "\n" + TASK + "\n\n" + TASK + "\n"));
        Futures.await(vertx.eventBus().request(ProducerVerticle.ADDRESS, new JsonObject(TASK)));
        Futures.failure(vertx.eventBus().request(ProducerVerticle.ADDRESS, new JsonObject()));

        assertThat(List.of(count("http", "accepted"), count("http", "refused"), count("http", "failed")))
                .containsExactly(2.0, 1.0, 0.0);
        assertThat(List.of(count("batch", "accepted"), count("batch", "refused"), count("batch", "failed")))
                .containsExactly(3.0, 1.0, 0.0);
        assertThat(List.of(count("bus", "accepted"), count("bus", "refused"), count("bus", "failed")))
                .containsExactly(1.0, 1.0, 0.0);
        // A task is measured just after its sender has been told.
        await().until(() -> registry.get("sluice.producer.acknowledge").timer().count() == 6);
        assertThat(gauge("index.tasks")).isEqualTo(6);
    }

    @Test
    void whatWaitsForTheBrokerIsMeasuredAndSoIsWhatItDoesNotAcknowledge() throws Exception {
        Broker broker = Broker.thatIsSilent();
        ProducerVerticle producer = deploy(broker, 1);
        Future<HttpResponse<Buffer>> waiting = post(producer, TASK);
        await().until(() -> broker.history().size() == 1);
        assertThat(gauge("buffered.tasks")).isEqualTo(1);
        assertThat(gauge("buffered.bytes")).isGreaterThan(100);
        assertThat(check(producer, "buffer").ok()).isFalse();
        assertThat(check(producer, "buffer").reason())
                .startsWith("1 tasks with ")
                .endsWith("; more are refused");
        assertThat(Futures.await(post(producer, TASK)).statusCode()).isEqualTo(429);

        broker.errorNext(new TimeoutException("Expiring 1 record(s)"));
        assertThat(Futures.await(waiting).statusCode()).isEqualTo(503);
        assertThat(List.of(count("http", "accepted"), count("http", "refused"), count("http", "failed")))
                .containsExactly(0.0, 1.0, 1.0);
        assertThat(registry.get("sluice.producer.acknowledge").timer().count()).isZero();
        assertThat(gauge("buffered.tasks")).isZero();
        assertThat(check(producer, "buffer").ok()).isTrue();
    }

    @Test
    void severalProducersAreMeasuredTogetherUntilTheLastOneGoes() throws Exception {
        Broker first = Broker.thatIsSilent();
        Broker second = Broker.thatIsSilent();
        ProducerVerticle one = deploy(first, 10);
        ProducerVerticle other = deploy(second, 10);
        Future<HttpResponse<Buffer>> atOne = post(one, TASK);
        Future<HttpResponse<Buffer>> atOther = post(other, TASK);
        await().until(() -> first.history().size() + second.history().size() == 2);
        assertThat(gauge("buffered.tasks")).isEqualTo(2);
        first.completeNext();
        second.completeNext();
        Futures.await(atOne);
        Futures.await(atOther);

        Futures.await(vertx.undeploy(one.deploymentID()));
        assertThat(count("http", "accepted")).isEqualTo(2);
        Futures.await(vertx.undeploy(other.deploymentID()));
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void theMetricsOfAKafkaProducerGoWithIt() {
        Map<String, String> nowhere = Map.of("bootstrap.servers", "127.0.0.1:1");
        try (ClientMetrics measured = new ClientMetrics(registry);
                Producer<byte[], byte[]> first = KafkaClients.producer(nowhere, "client-1");
                Producer<byte[], byte[]> second = KafkaClients.producer(nowhere, "client-2")) {
            measured.watch(first);
            measured.watch(second);
            assertThat(registry.get("kafka.producer.record.send.total").functionCounters())
                    .extracting(meter -> meter.getId().getTag("client.id"))
                    .containsExactly("client-2");
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aProducerSaysWhatItLacks() throws Exception {
        ProducerVerticle producer = deploy(Broker.thatAcknowledges(), 10);
        assertThat(check(producer, "http")).isEqualTo(new Check("http", true, "it listens at " + producer.url()));
        assertThat(check(producer, "buffer").ok()).isTrue();
        Check broker = check(producer, "broker");
        assertThat(broker.ok()).isFalse();
        assertThat(broker.reason()).startsWith("no answer for ");
        assertThat(Futures.await(producer.live())).containsExactly(new Check("event-loop", true, "it turns"));
    }

    @Test
    void aProducerWhoseEventLoopIsBlockedDoesNotSayThatItLives() throws Exception {
        ProducerVerticle producer = deploy(Broker.thatAcknowledges(), 10);
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        vertx.runOnContext(turn -> {
            blocked.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        blocked.await();
        Future<List<Check>> live = producer.live();
        Future<List<Check>> ready = producer.ready();
        assertThat(live.isComplete()).isFalse();
        assertThat(ready.isComplete()).isFalse();
        free.countDown();
        assertThat(Futures.await(live)).allMatch(Check::ok);
        assertThat(Futures.await(ready)).hasSize(3);
    }

    private static Check check(ProducerVerticle producer, String name) throws Exception {
        return Futures.await(producer.ready()).stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
