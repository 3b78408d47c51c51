package io.sluice.consumer.engine;

import java.util.Map;
import java.util.TreeMap;

/** What the tasks of one type have come to since the consumer started. Plain numbers: loop thread only. */
final class TypeCounters {
    long attempts;
    long succeeded;
    long retries;
    long timeouts;
    int stuck;
    long busyNanos;
    final Map<String, Long> deadLetters = new TreeMap<>();

    TypeStatus snapshot(int inFlight, boolean paused) {
        return new TypeStatus(
                inFlight,
                stuck,
                new TypeStatus.Attempts(attempts, retries, timeouts, busyNanos),
                succeeded,
                Map.copyOf(deadLetters),
                paused);
    }
}
