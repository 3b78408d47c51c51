package io.sluice.settings;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * When a failed task is tried again.
 *
 * @param maxAttempts the most attempts, the first included; 1 is no retry
 * @param backoff how long it waits in between
 * @param maxAge how long after its first attempt began a task may still be tried
 * @param inMemory up to this long a task waits in memory; what has longer to wait is moved to a delay topic
 * @param permanent the names of exception classes after which trying again cannot help; their subclasses count too
 */
public record RetrySettings(
        int maxAttempts, Backoff backoff, Duration maxAge, Duration inMemory, List<String> permanent) {
    private static final String NAME = "\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*";
    private static final Pattern CLASS_NAME = Pattern.compile(NAME + "(\\." + NAME + ")+");

    /**
     * @throws SettingsException if the number of attempts is below 1, maxAge not positive, inMemory below the shortest
     *     delay, or a name no class's
     */
    public RetrySettings {
        permanent = List.copyOf(permanent);
        Duration shortest = TopicNames.SHORTEST_DELAY;
        Checks checks = new Checks()
                .atLeast("max-attempts", maxAttempts, 1)
                .positive("max-age", maxAge)
                .expect(
                        inMemory.compareTo(shortest) >= 0,
                        "in-memory",
                        Durations.format(inMemory),
                        "at least " + Durations.format(shortest) + ", which is the shortest of the delay topics")
                .positive("in-memory", inMemory);
        permanent.stream()
                .filter(name -> !CLASS_NAME.matcher(name).matches())
                .findFirst()
                .ifPresent(name -> checks.expect(
                        false,
                        "permanent",
                        "\"" + name + "\"",
                        "exception classes with their packages, such as java.io.FileNotFoundException"));
        checks.finish();
    }

    static RetrySettings defaults() {
        return new RetrySettings(5, Backoff.defaults(), Duration.ofHours(1), TopicNames.SHORTEST_DELAY, List.of());
    }
}
