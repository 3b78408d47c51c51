package io.sluice.settings;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The topics of a pipeline, all named after the one that holds its work.
 *
 * @param tasks work; the key names the resource
 * @param delays tasks that are not due, the shortest rest first
 * @param overflow the tail of a key that floods
 * @param results one record per finished task
 * @param deadLetters the tasks that failed for good, byte for byte
 * @param control what the consumers tell each other: compacted, one partition
 */
public record TopicNames(
        String tasks, List<DelayTier> delays, String overflow, String results, String deadLetters, String control) {
    /** The length of the first tier: what is due sooner waits in memory. */
    static final Duration SHORTEST_DELAY = Duration.ofSeconds(10);

    private static final List<Duration> DELAYS = List.of(
            SHORTEST_DELAY, Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofHours(6));

    // Kafka allows 249 characters; the longest name derived from the topic adds ".delay.10s".
    private static final int LONGEST = 239;
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1," + LONGEST + "}");

    public TopicNames {
        delays = List.copyOf(delays);
    }

    /** The names that follow from the one of the topic that holds the work. */
    public static TopicNames of(String topic) {
        List<DelayTier> delays = DELAYS.stream()
                .map(length -> new DelayTier(topic + ".delay." + Durations.format(length), length))
                .toList();
        return new TopicNames(
                topic, delays, topic + ".overflow", topic + ".results", topic + ".dlq", topic + ".control");
    }

    /** Those that consumers read: work, every delay tier, overflow. Partition n of all of them has one owner. */
    public List<String> read() {
        return Stream.of(Stream.of(tasks), delays.stream().map(DelayTier::topic), Stream.of(overflow))
                .flatMap(names -> names)
                .toList();
    }

    /** Every topic of the pipeline. */
    public List<String> all() {
        return Stream.concat(read().stream(), Stream.of(results, deadLetters, control))
                .toList();
    }

    static void check(String topic, Checks checks) {
        checks.expect(
                LEGAL.matcher(topic).matches() && !topic.matches("\\.{1,2}"),
                "topic",
                "\"" + topic + "\"",
                "1 to " + LONGEST + " letters, digits, dots, dashes or underscores, and more than dots");
    }
}
