package io.sluice.consumer.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** The logs, the committed offsets and the group. Kafka's rules, no network: that is the consumers' part. */
final class SimBroker {
    /** The topics that consumers read. */
    final List<String> read;

    final SimGroup group;
    private final SimWorld world;
    private final Map<TopicPartition, SimLog> logs = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();

    SimBroker(SimWorld world, List<String> read) {
        this.world = world;
        this.read = read;
        this.group = new SimGroup(world, world.setup.partitions);
        for (String topic : read) {
            for (int number = 0; number < world.setup.partitions; number++) {
                logs.put(new TopicPartition(topic, number), new SimLog());
            }
        }
    }

    boolean isRead(String topic) {
        return read.contains(topic);
    }

    SimLog log(TopicPartition id) {
        return Objects.requireNonNull(logs.get(id));
    }

    /** Everything with that partition number: the twins. */
    List<TopicPartition> twins(int number) {
        List<TopicPartition> twins = new ArrayList<>(read.size());
        for (String topic : read) {
            twins.add(new TopicPartition(topic, number));
        }
        return twins;
    }

    @Nullable
    SimRecord find(TopicPartition id, long offset) {
        SimLog log = logs.get(id);
        return log == null ? null : log.at(offset);
    }

    /** Appends a record to a topic that is read, as a task of its own or as a copy of one. */
    SimRecord append(ProducerRecord<byte[], byte[]> record, SimTask task, int hop) {
        Integer wished = record.partition();
        int number = wished == null ? world.setup.partitionOf(record.key(), world.random) : wished;
        TopicPartition id = new TopicPartition(record.topic(), number);
        SimLog log = log(id);
        SimRecord entry = new SimRecord(id, consumed(record, id, log.end(), record.headers()), task, hop);
        log.append(entry);
        task.records.add(entry);
        if (world.random.nextInt(10) == 0) {
            log.append(null);
        }
        group.wake(number);
        return entry;
    }

    private ConsumerRecord<byte[], byte[]> consumed(
            ProducerRecord<byte[], byte[]> record, TopicPartition id, long offset, Headers headers) {
        return new ConsumerRecord<>(
                id.topic(),
                id.partition(),
                offset,
                world.now().toEpochMilli(),
                TimestampType.CREATE_TIME,
                record.key() == null ? -1 : record.key().length,
                record.value() == null ? -1 : record.value().length,
                record.key(),
                record.value(),
                headers,
                Optional.of(7));
    }

    @Nullable
    OffsetAndMetadata committed(TopicPartition id) {
        return committed.get(id);
    }

    /** @throws CommitFailedException if the group does not know the member any more */
    void commit(SimMember member, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (!member.isKnown()) {
            world.trace.say("%s: a commit of a member that is gone is rejected", member);
            throw new CommitFailedException("the member is not known");
        }
        offsets.forEach((id, offset) -> {
            committed.put(id, offset);
            world.witness.commits.applied(id, offset);
        });
    }

    /** Whether everything is committed up to the ends of the logs, or to the first task that is due far too late. */
    boolean hasNoLag() {
        for (Map.Entry<TopicPartition, SimLog> log : logs.entrySet()) {
            OffsetAndMetadata offset = committed.get(log.getKey());
            long from = offset == null ? 0 : offset.offset();
            if (log.getValue().end() > from && !log.getValue().restsFrom(from)) {
                return false;
            }
        }
        return true;
    }

    /** For a failure's message: each partition that has a lag. */
    String lag() {
        StringBuilder lag = new StringBuilder();
        for (String topic : read) {
            for (TopicPartition id : world.setup.numbers(topic)) {
                OffsetAndMetadata offset = committed.get(id);
                long from = offset == null ? 0 : offset.offset();
                if (log(id).end() > from) {
                    lag.append(' ')
                            .append(id)
                            .append(' ')
                            .append(from)
                            .append(" of ")
                            .append(log(id).end());
                }
            }
        }
        return lag.toString();
    }
}
