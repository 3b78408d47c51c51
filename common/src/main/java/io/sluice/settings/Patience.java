package io.sluice.settings;

import java.time.Duration;

/**
 * How long a consumer puts up with things.
 *
 * @param unknownTypeWait how long a task waits for a consumer that knows its type, as during a deploy, before it is a dead
 *     letter
 * @param orderedWaitMax how long a task of a key that runs in order may wait at the head of its lane, where it holds up
 *     the tasks behind it, before it is a dead letter
 * @param stallWarning from which age on an unsettled task is logged, with what it waits for
 * @param fenceAfter how long after its last acknowledged commit a consumer still starts tasks: no longer than the
 *     session timeout of its group, after which the group may have given its partitions to another
 */
public record Patience(Duration unknownTypeWait, Duration orderedWaitMax, Duration stallWarning, Duration fenceAfter) {
    /** Below this a pause of the garbage collector would shut the fence. */
    private static final Duration SHORTEST_FENCE = Duration.ofSeconds(1);

    /** @throws SettingsException if a duration is not positive, or fenceAfter below a second */
    public Patience {
        new Checks()
                .positive("unknown-type-wait", unknownTypeWait)
                .positive("ordered-wait-max", orderedWaitMax)
                .positive("stall-warning", stallWarning)
                .atLeast("fence-after", fenceAfter, SHORTEST_FENCE)
                .finish();
    }

    static Patience defaults() {
        return new Patience(
                Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofMinutes(1), KafkaProperties.DEFAULT_SESSION);
    }
}
