package io.sluice.consumer.engine;

import java.util.Map;
import java.util.TreeMap;

/** What the tasks of one type have come to since the consumer started. Plain numbers: loop thread only. */
final class TypeCounters {
    long attempts;

    /** Attempts by what they came to; the stuck ones are among them, those that still run are not. */
    long endedWell;

    long failed;
    long timedOut;
    long cancelled;
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
                new TypeStatus.Attempts(
                        attempts,
                        retries,
                        timeouts,
                        busyNanos,
                        new TypeStatus.Outcomes(endedWell, failed, timedOut, cancelled)),
                succeeded,
                Map.copyOf(deadLetters),
                paused);
    }
}
