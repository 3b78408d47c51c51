package io.sluice.settings;

/**
 * The most attempts at once.
 *
 * @param maxInFlight per consumer, over all types and keys
 * @param maxInFlightPerKey per key, across all consumers of the group; 1 keeps the tasks of a key in order
 * @param maxStuck how many attempts that do not end, and so keep their permits, a consumer may have and still count as
 *     live
 */
public record Limits(int maxInFlight, int maxInFlightPerKey, int maxStuck) {
    private static final int DEFAULT_MAX_STUCK = 10;

    /** @throws SettingsException if a limit is below 1, the one per key above the other, or maxStuck negative */
    public Limits {
        new Checks()
                .atLeast("max-in-flight", maxInFlight, 1)
                .atLeast("max-in-flight-per-key", maxInFlightPerKey, 1)
                .compare(
                        maxInFlightPerKey <= maxInFlight,
                        "max-in-flight-per-key",
                        Integer.toString(maxInFlightPerKey),
                        "at most max-in-flight (" + maxInFlight + ")",
                        "max-in-flight")
                .atLeast("max-stuck", maxStuck, 0)
                .finish();
    }

    /** With as many stuck attempts as by default. */
    public Limits(int maxInFlight, int maxInFlightPerKey) {
        this(maxInFlight, maxInFlightPerKey, DEFAULT_MAX_STUCK);
    }

    static Limits defaults() {
        return new Limits(100, 10);
    }
}
