package io.sluice.settings;

import java.time.Duration;

/**
 * How much a producer takes from one who speaks HTTP, and how long it bears with him.
 *
 * @param maxBodyBytes the largest body of one task, and the longest line of many
 * @param maxConnections the most connections at a time
 * @param idleTimeout how long a connection may take for the next request's head, the body of a task, or a line
 * @param defaultWait how long a request that waits for its result does so, if it does not say
 * @param maxWait the longest that it may say
 */
public record HttpLimits(
        int maxBodyBytes, int maxConnections, Duration idleTimeout, Duration defaultWait, Duration maxWait) {

    /** @throws SettingsException if a limit is below 1, a duration not positive, or the default wait the longer one */
    public HttpLimits {
        new Checks()
                .atLeast("max-body", maxBodyBytes, 1)
                .atLeast("max-connections", maxConnections, 1)
                .positive("idle-timeout", idleTimeout)
                .positive("default-wait", defaultWait)
                .positive("max-wait", maxWait)
                .compare(
                        defaultWait.compareTo(maxWait) <= 0,
                        "default-wait",
                        Durations.format(defaultWait),
                        "at most max-wait (" + Durations.format(maxWait) + ")",
                        "max-wait")
                .finish();
    }

    static HttpLimits defaults() {
        return new HttpLimits(1 << 20, 10_000, Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofMinutes(1));
    }
}
