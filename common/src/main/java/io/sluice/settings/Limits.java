package io.sluice.settings;

/**
 * The most attempts at once.
 *
 * @param maxInFlight per consumer, over all types and keys
 * @param maxInFlightPerKey per key, across all consumers of the group; 1 keeps the tasks of a key in order
 */
public record Limits(int maxInFlight, int maxInFlightPerKey) {
    /** @throws SettingsException if a limit is below 1, or the one per key above the other */
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
                .finish();
    }

    static Limits defaults() {
        return new Limits(100, 10);
    }
}
