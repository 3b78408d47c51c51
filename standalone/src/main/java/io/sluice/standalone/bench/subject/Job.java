package io.sluice.standalone.bench.subject;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a consumer under measurement has to do: to run the bodies of all tasks of a topic, as {@link #kind} says, and to tell the witness.
 *
 * @param feed where the tasks are
 * @param kind of bodies
 * @param work how long they take
 * @param inFlight how many bodies run at once, at most
 * @param commitInterval between commits
 * @param results whether a result is written for each task
 * @param witness the file that counts
 */
public record Job(
        Feed feed, Kind kind, Work work, int inFlight, Duration commitInterval, boolean results, Path witness) {
    /** What a body does. */
    public enum Kind {
        /** Nothing. */
        NOOP,
        /** Waits on a timer, holding no thread. */
        TIMER,
        /** Sleeps on a thread. */
        SLEEP
    }

    /** @param group the consumer group */
    public record Feed(String bootstrap, String topic, String group) {}

    /**
     * How long the bodies take.
     *
     * @param usual of most of them
     * @param slowEvery of so many tasks one is slow; 0: none is
     * @param slow how long that takes
     */
    public record Work(Duration usual, int slowEvery, Duration slow) {
        /** How long that task's body takes, in milliseconds. */
        public long millisOf(int task) {
            return (isSlow(task) ? slow : usual).toMillis();
        }

        public boolean isSlow(int task) {
            return slowEvery > 0 && task % slowEvery == slowEvery / 2;
        }
    }

    /** As {@link #parse} reads it. */
    public List<String> toArguments() {
        return List.of(
                "bootstrap=" + feed.bootstrap(),
                "topic=" + feed.topic(),
                "group=" + feed.group(),
                "kind=" + kind,
                "work=" + work.usual().toMillis(),
                "slow-every=" + work.slowEvery(),
                "slow=" + work.slow().toMillis(),
                "in-flight=" + inFlight,
                "commit-interval=" + commitInterval.toMillis(),
                "results=" + results,
                "witness=" + witness);
    }

    /** @throws IllegalArgumentException if one is missing, or is not what it should be; the message names it */
    public static Job parse(String... arguments) {
        Map<String, String> given = Arrays.stream(arguments)
                .filter(argument -> argument.contains("="))
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return new Job(
                new Feed(text(given, "bootstrap"), text(given, "topic"), text(given, "group")),
                Kind.valueOf(text(given, "kind")),
                new Work(millis(given, "work"), number(given, "slow-every"), millis(given, "slow")),
                number(given, "in-flight"),
                millis(given, "commit-interval"),
                Boolean.parseBoolean(text(given, "results")),
                Path.of(text(given, "witness")));
    }

    private static String text(Map<String, String> given, String name) {
        String value = given.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + "=… is missing");
        }
        return value;
    }

    private static int number(Map<String, String> given, String name) {
        String value = text(given, name);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + "=" + value + " is no number", e);
        }
    }

    private static Duration millis(Map<String, String> given, String name) {
        return Duration.ofMillis(number(given, name));
    }
}
