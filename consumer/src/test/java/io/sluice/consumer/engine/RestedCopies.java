package io.sluice.consumer.engine;

import io.sluice.settings.DelayTier;
import io.sluice.settings.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Reads the copies that were written to the topics of moved tasks, each when its rest is over. */
final class RestedCopies {
    private final Map<String, Duration> rests = TopicNames.of(TestSettings.TOPIC).delays().stream()
            .collect(Collectors.toMap(DelayTier::topic, DelayTier::length));
    private final Map<String, Long> ends = new HashMap<>();
    private final List<Resting> resting = new ArrayList<>();
    private int seen;

    private record Resting(TaskRecord record, Instant until) {}

    RestedCopies() {
        rests.put(TopicNames.of(TestSettings.TOPIC).overflow(), Duration.ZERO);
    }

    /** @param written all records that were ever written */
    TaskRecord[] due(Instant now, List<ProducerRecord<byte[], byte[]>> written) {
        for (ProducerRecord<byte[], byte[]> record : written.subList(seen, written.size())) {
            Duration rest = rests.get(record.topic());
            if (rest != null) {
                resting.add(new Resting(read(record), now.plus(rest)));
            }
        }
        seen = written.size();
        List<Resting> due =
                resting.stream().filter(each -> !now.isBefore(each.until)).toList();
        resting.removeAll(due);
        return due.stream().map(Resting::record).toArray(TaskRecord[]::new);
    }

    /** The record as a consumer reads it. */
    TaskRecord read(ProducerRecord<byte[], byte[]> written) {
        long offset = ends.merge(written.topic(), 1L, Long::sum) - 1;
        Integer partition = written.partition();
        TaskRecord record = TaskRecord.at(partition == null ? 0 : partition, offset)
                .topic(written.topic())
                .key(written.key() == null ? null : Bench.text(written.key()))
                .value(written.value() == null ? null : Bench.text(written.value()));
        for (Header header : written.headers()) {
            record.header(header.key(), Bench.text(header.value()));
        }
        return record;
    }
}
