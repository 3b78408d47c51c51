package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.Waiting;
import io.sluice.consumer.ConsumerVerticle;
import io.sluice.record.NewTask;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.sluice.standalone.broker.EmbeddedBroker;
import io.sluice.topics.PipelineTopics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** A consumer that owes records to a broker that is gone stops all the same (P7). */
class AbsentBrokerDrainTest {
    @Test
    void itStopsWithinBoundsThoughNothingIsAcknowledged() {
        Vertx vertx = Vertx.vertx();
        Promise<String> gate = Promise.promise();
        try {
            EmbeddedBroker broker = EmbeddedBroker.temporary();
            Settings settings =
                    SettingsLoader.load(null, Map.of("SLUICE_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()));
            PipelineTopics.create(settings, 1);
            Promise<Void> running = Promise.promise();
            String deployment = Waiting.on(vertx.deployVerticle(new ConsumerVerticle(
                    settings, List.of(new Async("fetch", (payload, task) -> {
                        running.tryComplete();
                        return gate.future();
                    })))));
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrapServers()),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                NewTask task = NewTask.of("1", "fetch", "a", "{}".getBytes(StandardCharsets.UTF_8));
                var unused = producer.send(task.toRecord("tasks", "/test", null));
            }
            Waiting.on(running.future());
            broker.close();
            gate.complete("done");

            Future<Void> stopped = vertx.undeploy(deployment);

            assertThat(Waiting.atMost(Duration.ofSeconds(60), stopped)).isTrue();
            assertThat(stopped.succeeded()).isTrue();
        } finally {
            Waiting.on(vertx.close());
        }
    }
}
