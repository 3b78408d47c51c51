package io.sluice.benchmark.peer;

import io.sluice.standalone.bench.subject.Job;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What every consumer of a group is told. All else is Kafka's default, session timeouts included; so is the group protocol, the classic one,
 * unless the system property {@value #PROTOCOL} names another.
 */
final class ConsumerConfigs {
    private static final String PROTOCOL = "group.protocol";

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
                PROTOCOL,
                System.getProperty(PROTOCOL, "classic"),
                "enable.auto.commit",
                "false",
                "key.deserializer",
                ByteArrayDeserializer.class.getName(),
                "value.deserializer",
                ByteArrayDeserializer.class.getName());
    }
}
