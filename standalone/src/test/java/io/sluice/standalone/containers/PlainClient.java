package io.sluice.standalone.containers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's own clients with their own defaults: all that it knows of the pipeline are the names of two topics. One thread. */
final class PlainClient implements AutoCloseable {
    private final Map<String, Object> broker;
    private final KafkaConsumer<String, String> results;

    /** Headers of a result that are of interest here. */
    record Result(String task, String type, String value) {}

    private final Map<String, List<Result>> byTask = new LinkedHashMap<>();

    PlainClient(String bootstrap) {
        this.broker = Map.of("bootstrap.servers", bootstrap);
        this.results = new KafkaConsumer<>(broker, new StringDeserializer(), new StringDeserializer());
        List<TopicPartition> partitions = results.partitionsFor("tasks.results").stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        results.assign(partitions);
        results.seekToBeginning(partitions);
    }

    /**
     * Writes bare records.
     *
     * @param records keys and values
     * @return what the tasks are called: by the places of their records
     */
    List<String> feed(List<Map.Entry<String, String>> records) throws Exception {
        List<Future<RecordMetadata>> written = new ArrayList<>();
        Properties properties = new Properties();
        properties.putAll(broker);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            records.forEach(record ->
                    written.add(producer.send(new ProducerRecord<>("tasks", record.getKey(), record.getValue()))));
        }
        List<String> ids = new ArrayList<>();
        for (Future<RecordMetadata> each : written) {
            RecordMetadata place = each.get();
            ids.add(place.topic() + "-" + place.partition() + "-" + place.offset());
        }
        return ids;
    }

    /** Reads the results that have come, and returns all that there are by now, by task. */
    Map<String, List<Result>> results() {
        for (ConsumerRecord<String, String> record : results.poll(Duration.ofMillis(200))) {
            Map<String, String> headers = new HashMap<>();
            record.headers()
                    .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
            Result result = new Result(
                    headers.getOrDefault("ce_subject", ""), headers.getOrDefault("ce_type", ""), record.value());
            byTask.computeIfAbsent(result.task(), added -> new ArrayList<>()).add(result);
        }
        return byTask;
    }

    /** Reads results until so many tasks have one. */
    void awaitResults(int tasks, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (results().size() < tasks) {
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError(
                        "only " + byTask.size() + " of " + tasks + " tasks have a result after " + atMost);
            }
        }
    }

    @Override
    public void close() {
        results.close();
    }
}
