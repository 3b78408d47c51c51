package io.sluice.consumer.kafka;

import io.sluice.consumer.engine.Source;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A member of a Kafka consumer group. Only calls, no decisions: those are the poll loop's. Poll thread only. */
public final class KafkaSource implements Source {
    /** How long records of other partitions may wait for the next poll while one is paused. */
    private static final Duration BETWEEN_POLLS = Duration.ofMillis(2);

    private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
    private final Set<String> topics;
    private final EndOffsets ends;

    /** Of the paused ones, those of which nothing has been fetched. */
    private final Set<TopicPartition> left = new HashSet<>();

    /** Whether one of the others may be: the client is not asked each time, since it makes a list of all of them. */
    private boolean mayBePaused;

    /** Other threads look at what it has counted. */
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    private volatile @Nullable Metric responses;

    /**
     * Not a member yet.
     *
     * @param consumers makes one that commits by hand and resets no offsets; that may block, so the poll thread calls it
     * @param ends somebody asks for them; for this one they are only to be looked at
     */
    public KafkaSource(Supplier<? extends Consumer<byte[], byte[]>> consumers, Set<String> topics, EndOffsets ends) {
        this.ends = ends;
        this.consumers = consumers;
        this.topics = topics;
    }

    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> member = consumer;
        if (member == null) {
            throw new IllegalStateException("not subscribed yet");
        }
        return member;
    }

    @Override
    public void subscribe(Listener listener) {
        consumer = consumers.get();
        consumer().subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                listener.assigned(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                listener.revoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                listener.lost(partitions);
            }
        });
    }

    @Override
    public boolean isMember() {
        // Both protocols count from 1: the first generation, or the epoch of a member that has joined.
        return consumer().groupMetadata().generationId() > 0;
    }

    @Override
    public long answers() {
        Consumer<byte[], byte[]> member = consumer;
        Metric known = responses;
        if (known == null && member != null) {
            // The client makes it when it opens its network, which is some time after it was made.
            known = member.metrics().entrySet().stream()
                    .filter(each -> each.getKey().name().equals("response-total")
                            && each.getKey().group().equals("consumer-metrics"))
                    .map(Map.Entry::getValue)
                    .findAny()
                    .orElse(null);
            responses = known;
        }
        return known == null ? 0 : count(known);
    }

    @Override
    public OptionalLong unread(TopicPartition partition, long position) {
        OptionalLong end = ends.of(partition);
        long asked = end.isPresent() ? Math.max(0, end.getAsLong() - position) : -1;
        // A log only grows, so what is more is what is newer.
        long unread = Math.max(asked, heard(partition).orElse(-1));
        return unread < 0 ? OptionalLong.empty() : OptionalLong.of(unread);
    }

    /** What came with the last records. */
    private OptionalLong heard(TopicPartition partition) {
        Metric known = responses;
        if (known == null) {
            return OptionalLong.empty();
        }
        // Consumer.currentLag asks the client's own thread each time, and there are hundreds of partitions.
        Metric lag = consumer()
                .metrics()
                .get(new MetricName(
                        "records-lag",
                        "consumer-fetch-manager-metrics",
                        "",
                        Map.of(
                                "client-id",
                                known.metricName().tags().getOrDefault("client-id", ""),
                                "topic",
                                partition.topic(),
                                "partition",
                                String.valueOf(partition.partition()))));
        return lag == null ? OptionalLong.empty() : OptionalLong.of(count(lag));
    }

    private static long count(Metric metric) {
        return metric.metricValue() instanceof Number number ? number.longValue() : 0;
    }

    @Override
    public Batch poll(Duration timeout) {
        mayBePaused = mayBePaused && !left.containsAll(consumer().paused());
        ConsumerRecords<byte[], byte[]> polled =
                mayBePaused ? pollBesidePaused(timeout) : consumer().poll(timeout);
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        polled.partitions().forEach(partition -> records.put(partition, polled.records(partition)));
        return new Batch(records, polled.nextOffsets());
    }

    /**
     * May wait for less than it is asked to. While records of a paused partition have been fetched, the consumer of the
     * new protocol (Kafka 4.4) does not wait in its poll: it uses up a core.
     */
    private ConsumerRecords<byte[], byte[]> pollBesidePaused(Duration timeout) {
        ConsumerRecords<byte[], byte[]> polled = consumer().poll(Duration.ZERO);
        if (polled.isEmpty()) {
            LockSupport.parkNanos(Math.min(timeout.toNanos(), BETWEEN_POLLS.toNanos()));
        }
        return polled;
    }

    @Override
    public Set<TopicPartition> assignment() {
        return consumer().assignment();
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                new HashMap<>(consumer().committed(partitions));
        committed.values().removeIf(offset -> offset == null);
        return committed;
    }

    @Override
    public Map<TopicPartition, Long> beginnings(Set<TopicPartition> partitions) {
        return consumer().beginningOffsets(partitions);
    }

    @Override
    public int partitions(String topic) {
        return consumer().partitionsFor(topic).size();
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        consumer().seek(partition, offset);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        left.removeAll(partitions);
        mayBePaused = true;
        consumer().pause(partitions);
    }

    @Override
    public void leave(Collection<TopicPartition> partitions) {
        left.addAll(partitions);
        consumer().pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        left.removeAll(partitions);
        consumer().resume(partitions);
    }

    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, CommitCallback callback) {
        consumer().commitAsync(offsets, callback::done);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        consumer().commitSync(offsets, timeout);
    }

    @Override
    public void close(Duration timeout) {
        Consumer<byte[], byte[]> member = consumer;
        if (member != null) {
            member.close(CloseOptions.timeout(timeout));
        }
    }
}
