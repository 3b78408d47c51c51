package io.sluice.consumer.command;

import io.sluice.kafka.KafkaClients;
import io.sluice.record.Pause;
import io.sluice.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Pauses types for every consumer of a pipeline, and resumes them. Blocks. */
public record PauseRecords(Settings settings) {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /**
     * Returns when the broker has acknowledged all of them.
     *
     * @throws IllegalStateException in one line, if it does not within 15 seconds
     */
    public void write(List<Pause> pauses) {
        String topic = settings.topics().control();
        Producer<byte[], byte[]> producer = KafkaClients.producer(bounded(), "sluice-pause");
        try {
            List<Future<RecordMetadata>> sent = pauses.stream()
                    .map(pause -> producer.send(pause.toRecord(topic)))
                    .toList();
            for (Future<RecordMetadata> acknowledgement : sent) {
                RecordMetadata unused = acknowledgement.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the broker at " + settings.kafka().get("bootstrap.servers") + " does not take records of topic "
                            + topic + ": " + (e.getCause() == null ? e : e.getCause()).getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker was asked", e);
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    /** Somebody waits at a terminal: the clients' own two minutes are for what runs unattended. */
    private Map<String, String> bounded() {
        String millis = String.valueOf(PATIENCE.toMillis());
        Map<String, String> kafka = new HashMap<>(settings.kafka());
        kafka.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
        kafka.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        kafka.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        kafka.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        return kafka;
    }
}
