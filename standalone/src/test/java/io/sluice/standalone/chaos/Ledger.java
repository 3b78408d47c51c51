package io.sluice.standalone.chaos;

import io.sluice.kafka.KafkaClients;
import io.sluice.record.HeaderNames;
import io.sluice.settings.Settings;
import io.sluice.standalone.TestPipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Looks again and again at what the group has committed, and so knows what must never run again (P2). One thread. */
final class Ledger implements AutoCloseable {
    private final TestPipeline topics;
    private final Witness witness;
    private final Admin admin;
    private final List<Look> looks = new ArrayList<>();

    /**
     * What was committed at one moment.
     *
     * @param event the witness's last event after the answer: what starts later has started after this was committed
     * @param ends how far the topics reached. They were asked after the commits were, so that of a task that was moved the
     *     copy is known, too
     */
    private record Look(long event, Map<TopicPartition, CommittedMap> committed, Map<TopicPartition, Long> ends) {
        boolean settled(TopicPartition partition, long offset) {
            CommittedMap map = committed.get(partition);
            return map != null && map.isSettled(offset);
        }

        boolean existed(TopicPartition partition, long offset) {
            return offset < ends.getOrDefault(partition, 0L);
        }
    }

    private record Place(TopicPartition partition, long offset) {}

    Ledger(TestPipeline topics, Witness witness) {
        this.topics = topics;
        this.witness = witness;
        Map<String, String> kafka = new HashMap<>(topics.settings().kafka());
        kafka.put("default.api.timeout.ms", "3000");
        kafka.put("request.timeout.ms", "2000");
        this.admin = KafkaClients.admin(kafka, "chaos-ledger");
    }

    /** Looks now; says whether the broker has answered. */
    boolean look() {
        Settings settings = topics.settings();
        try {
            Map<TopicPartition, CommittedMap> committed = new HashMap<>();
            for (Map.Entry<TopicPartition, OffsetAndMetadata> commit : admin.listConsumerGroupOffsets(
                            settings.consumer().group())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()) {
                if (commit.getValue() != null) {
                    committed.put(commit.getKey(), CommittedMap.of(commit.getValue()));
                }
            }
            looks.add(new Look(witness.now(), committed, ends()));
            return true;
        } catch (ExecutionException unanswered) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the group's offsets were asked for", e);
        }
    }

    private Map<TopicPartition, Long> ends() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> ends = new HashMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> answer = admin.listOffsets(partitions().stream()
                        .collect(Collectors.toMap(Function.identity(), each -> OffsetSpec.latest())))
                .all()
                .get();
        answer.forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private List<TopicPartition> partitions() {
        return topics.settings().topics().read().stream()
                .flatMap(topic ->
                        IntStream.range(0, TestPipeline.PARTITIONS).mapToObj(n -> new TopicPartition(topic, n)))
                .toList();
    }

    /** How many records were read by nobody, or are not settled, at the last look: the group's lag. */
    long lag() {
        if (looks.isEmpty()) {
            return Long.MAX_VALUE;
        }
        Look last = looks.get(looks.size() - 1);
        return last.ends().entrySet().stream()
                .mapToLong(end -> {
                    CommittedMap map = last.committed().get(end.getKey());
                    return end.getValue() - (map == null ? 0 : map.offset());
                })
                .sum();
    }

    /**
     * By task, the last event before which its end was committed: all its records that there were, the original and every
     * copy, were settled. What starts later must not.
     */
    Map<String, Long> settledSince() {
        Map<String, Long> since = new HashMap<>();
        Map<String, List<Place>> places = places();
        for (Look look : looks) {
            places.forEach((task, copies) -> {
                List<Place> there = since.containsKey(task)
                        ? List.of()
                        : copies.stream()
                                .filter(copy -> look.existed(copy.partition(), copy.offset()))
                                .toList();
                if (!there.isEmpty()
                        && there.stream().allMatch(copy -> look.settled(copy.partition(), copy.offset()))) {
                    since.put(task, look.event());
                }
            });
        }
        return since;
    }

    /**
     * The tasks of which a copy was written when their end had been committed.
     *
     * @param since as {@link #settledSince} says
     */
    Set<String> copiedLater(Map<String, Long> since) {
        Map<Long, Look> byEvent =
                looks.stream().collect(Collectors.toMap(Look::event, Function.identity(), (first, second) -> first));
        Set<String> later = new HashSet<>();
        places().forEach((task, copies) -> {
            Look look = byEvent.get(since.getOrDefault(task, -1L));
            if (look != null && copies.stream().anyMatch(copy -> !look.existed(copy.partition(), copy.offset()))) {
                later.add(task);
            }
        });
        return later;
    }

    /** Where each task and its copies are, in all topics that are read. */
    private Map<String, List<Place>> places() {
        return topics.settings().topics().read().stream()
                .flatMap(topic -> topics.read(topic).stream())
                .collect(Collectors.groupingBy(
                        record -> String.valueOf(HeaderNames.text(record.headers(), HeaderNames.ID)),
                        Collectors.flatMapping(
                                record -> Stream.of(new Place(
                                        new TopicPartition(record.topic(), record.partition()), record.offset())),
                                Collectors.toList())));
    }

    @Override
    public void close() {
        admin.close();
    }
}
