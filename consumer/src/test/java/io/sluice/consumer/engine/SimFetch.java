package io.sluice.consumer.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Where a client reads next in each of its partitions, and what it reads there. */
final class SimFetch {
    private final SimWorld world;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private int turn;

    SimFetch(SimWorld world) {
        this.world = world;
    }

    void seek(TopicPartition id, long offset) {
        positions.put(id, offset);
    }

    void pause(Collection<TopicPartition> ids) {
        paused.addAll(ids);
    }

    void resume(Collection<TopicPartition> ids) {
        paused.removeAll(ids);
    }

    void forget(TopicPartition id) {
        positions.remove(id);
        paused.remove(id);
    }

    /** As much as a poll brings, from one partition after the other. */
    Source.Batch next(SimConsumer consumer, Collection<TopicPartition> assigned) {
        List<TopicPartition> fetchable = new ArrayList<>(assigned);
        if (!paused.isEmpty()) {
            fetchable.removeAll(paused);
        }
        for (TopicPartition id : fetchable) {
            positions.computeIfAbsent(id, this::committedPosition);
        }
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        turn++;
        for (int i = 0; i < fetchable.size(); i++) {
            TopicPartition id = fetchable.get((i + turn) % fetchable.size());
            long position = Objects.requireNonNull(positions.get(id));
            long read = read(consumer, id, position, records);
            if (read > position) {
                positions.put(id, read);
                next.put(id, new OffsetAndMetadata(read, Optional.of(7), ""));
            }
        }
        return new Source.Batch(byPartition(records), next);
    }

    static Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> byPartition(
            List<ConsumerRecord<byte[], byte[]>> records) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> byPartition = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            byPartition
                    .computeIfAbsent(new TopicPartition(record.topic(), record.partition()), added -> new ArrayList<>())
                    .add(record);
        }
        return byPartition;
    }

    private long read(
            SimConsumer consumer, TopicPartition id, long position, List<ConsumerRecord<byte[], byte[]>> records) {
        SimLog log = world.broker.log(id);
        long read = position;
        while (read < log.end() && records.size() < world.setup.maxPollRecords) {
            SimRecord record = log.at(read++);
            if (record != null) {
                records.add(record.record);
                world.witness.read(consumer, record);
            }
        }
        return read;
    }

    /** With offset reset {@code none} a client has no other idea of where to begin. */
    private Long committedPosition(TopicPartition id) {
        OffsetAndMetadata offset = world.broker.committed(id);
        if (offset == null) {
            throw new NoOffsetForPartitionException(id);
        }
        return offset.offset();
    }
}
