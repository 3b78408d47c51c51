package io.sluice.consumer.engine;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

    /** @param why it was cancelled, if it was: one that is stuck counts as that */
    void ended(Surroundings.Outcome outcome, Attempt.@Nullable Cancel why) {
        switch (outcome) {
            case SUCCEEDED -> endedWell++;
            case FAILED -> failed++;
            case TIMED_OUT -> timedOut++;
            case CANCELLED -> cancelled++;
            case STUCK -> {
                timedOut += why == Attempt.Cancel.TIMEOUT ? 1 : 0;
                failed += why == Attempt.Cancel.FAILURE ? 1 : 0;
                cancelled += why == Attempt.Cancel.HANDOVER ? 1 : 0;
            }
        }
    }

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
