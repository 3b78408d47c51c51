package io.sluice.consumer.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.settings.Answers;
import io.sluice.settings.Backoff;
import io.sluice.settings.Jitter;
import io.sluice.settings.Limits;
import io.sluice.settings.Results;
import io.sluice.settings.RetrySettings;
import io.sluice.settings.Settings;
import io.sluice.settings.ThreadKind;
import io.sluice.settings.TopicNames;
import io.sluice.settings.TypeSettings;
import io.sluice.settings.WorkerPool;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The pipeline of one history: its limits, types, keys and partitions. Drawn from the seed. */
final class SimSetup {
    static final List<String> TYPES = List.of(TestSettings.TYPE, "slow", "other");
    static final Duration HANDOVER_AT_MOST = Duration.ofSeconds(30);

    private static final List<Results> RESULTS =
            List.of(Results.ALL, Results.ALL, Results.ALL, Results.FAILURES, Results.NONE);
    static final TopicNames TOPICS = TopicNames.of(TestSettings.TOPIC);
    static final List<String> READ = TOPICS.read();

    /** The most that is allowed, so that the window is as small as can be. A poll brings fewer. */
    private static final Reading READING = Reading.of(TOPICS, 1_000, Duration.ofMillis(500));

    private static final Map<Shape, TypeSettings> TYPE_SETTINGS = new ConcurrentHashMap<>();
    private static final Map<Limits, Settings> SETTINGS = new ConcurrentHashMap<>();

    final int partitions;
    final int consumers;
    final int tasks;
    final Limits limits;
    final Settings settings;
    final Map<String, TypeSettings> types = new LinkedHashMap<>();
    final int maxPollRecords;

    /** Every change of the group takes all partitions from everyone first. */
    final boolean eager;

    private final int keys;

    SimSetup(SplittableRandom random) {
        partitions = 2 + random.nextInt(2);
        consumers = 1 + random.nextInt(3);
        tasks = 10 + random.nextInt(30) + (random.nextInt(4) == 0 ? 20 : 0);
        int perKey = random.nextInt(5) < 2 ? 1 : 2 + random.nextInt(2);
        limits = new Limits(perKey + 1 + random.nextInt(5), perKey);
        settings = SETTINGS.computeIfAbsent(limits, SimSetup::settings);
        maxPollRecords = 1 + random.nextInt(20);
        keys = 1 + random.nextInt(6);
        eager = random.nextInt(3) == 0;
        for (String type : TYPES) {
            types.put(type, type(random, type));
        }
    }

    private static Settings settings(Limits limits) {
        Settings settings = TestSettings.of(limits);
        Map<String, String> kafka = new LinkedHashMap<>(settings.kafka());
        kafka.put("max.poll.records", Integer.toString(READING.maxPollRecords()));
        return new Settings(
                kafka, settings.topic(), settings.defaultType(), settings.consumer(), settings.producer(), Map.of());
    }

    private TypeSettings type(SplittableRandom random, String name) {
        Results results = RESULTS.get(random.nextInt(RESULTS.size()));
        return TYPE_SETTINGS.computeIfAbsent(
                new Shape(
                        1 + random.nextInt(4),
                        1 + random.nextInt(limits.maxInFlight()),
                        results,
                        results == Results.ALL && name.equals("other") && random.nextInt(3) == 0,
                        1 + random.nextInt(4),
                        random.nextInt(3)),
                Shape::settings);
    }

    /** To make settings takes longer than to play a history with them. */
    private record Shape(
            int timeoutSeconds, int maxInFlight, Results results, boolean byDefault, int maxAttempts, int backoff) {
        TypeSettings settings() {
            Duration first = Duration.ofMillis(backoff == 0 ? 10 : backoff * 400L);
            return new TypeSettings(
                    Duration.ofSeconds(timeoutSeconds),
                    maxInFlight,
                    new Answers(results, byDefault ? TextNode.valueOf(SimHandlers.DEFAULT) : null),
                    new RetrySettings(
                            maxAttempts,
                            new Backoff(first, 2, Duration.ofSeconds(5), Jitter.FULL),
                            Duration.ofHours(1),
                            TestSettings.IN_MEMORY,
                            List.of()),
                    new WorkerPool(ThreadKind.PLATFORM, 4),
                    JsonNodeFactory.instance.objectNode());
        }
    }

    /** What a consumer reads: everything. */
    Reading reading() {
        return READING;
    }

    boolean isOrdered() {
        return limits.maxInFlightPerKey() == 1;
    }

    TypeSettings type(String name) {
        return types.getOrDefault(name, Objects.requireNonNull(types.get(TestSettings.TYPE)));
    }

    /** A key, some far more often than others; now and then none. */
    @Nullable
    String key(SplittableRandom random) {
        return random.nextInt(8) == 0 ? null : "key" + Math.min(random.nextInt(keys), random.nextInt(keys));
    }

    String typeName(SplittableRandom random) {
        return TYPES.get(Math.min(random.nextInt(3), random.nextInt(3)));
    }

    /** From a task's writing to its due time. */
    long dueIn(SplittableRandom random) {
        long longest = switch (random.nextInt(40)) {
            case 0 -> 1_000 * SimScript.SECOND;
            case 1, 2, 3, 4, 5, 6 -> 90 * SimScript.SECOND;
            default -> 8 * SimScript.SECOND;
        };
        return random.nextInt(100) == 0 ? 30 * 86_400 * SimScript.SECOND : 1 + random.nextLong(longest);
    }

    /** Where Kafka's own partitioner puts it. */
    int partitionOf(byte @Nullable [] key, SplittableRandom random) {
        return key == null ? random.nextInt(partitions) : BuiltInPartitioner.partitionForKey(key, partitions);
    }

    /** All partitions of a topic. */
    List<TopicPartition> numbers(String topic) {
        List<TopicPartition> ids = new ArrayList<>();
        for (int number = 0; number < partitions; number++) {
            ids.add(new TopicPartition(topic, number));
        }
        return ids;
    }

    static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
