package io.sluice.settings;

import java.time.Duration;

/**
 * What every consumer of the group is told, the same for all of them.
 *
 * @param group the consumer group; its members share the partitions
 * @param groupProtocol how they share them
 * @param limits the most attempts at once
 * @param commitInterval how often offsets are committed while tasks settle
 * @param stopping how long running attempts are waited for
 * @param patience how long other things are waited for
 */
public record ConsumerSettings(
        String group,
        GroupProtocol groupProtocol,
        Limits limits,
        Duration commitInterval,
        Stopping stopping,
        Patience patience) {
    /** Below this the broker does little but write commits. */
    private static final Duration SHORTEST_COMMIT_INTERVAL = Duration.ofMillis(10);

    /** @throws SettingsException if the group has no name or the commit interval is too short */
    public ConsumerSettings {
        new Checks()
                .notBlank("group", group)
                .atLeast("commit-interval", commitInterval, SHORTEST_COMMIT_INTERVAL)
                .finish();
    }

    static ConsumerSettings defaults() {
        return new ConsumerSettings(
                "workers",
                GroupProtocol.CONSUMER,
                Limits.defaults(),
                Duration.ofMillis(100),
                Stopping.defaults(),
                Patience.defaults());
    }
}
