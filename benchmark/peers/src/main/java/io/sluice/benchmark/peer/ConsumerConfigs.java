package io.sluice.benchmark.peer;

import io.sluice.standalone.bench.subject.Job;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What every consumer of a classic group is told. All else is Kafka's default, session timeouts included. */
final class ConsumerConfigs {
    private ConsumerConfigs() {}

    /** Of a consumer that begins where the topic does and commits by itself, not by the client's timer. */
    static Map<String, String> of(Job job) {
        return Map.of(
                "bootstrap.servers",
                job.feed().bootstrap(),
                "group.id",
                job.feed().group(),
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false",
                "key.deserializer",
                ByteArrayDeserializer.class.getName(),
                "value.deserializer",
                ByteArrayDeserializer.class.getName());
    }
}
