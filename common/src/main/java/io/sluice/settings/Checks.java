package io.sluice.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects the faults of one record while its constructor runs. */
final class Checks {
    static final Duration SHORTEST = Duration.ofMillis(1);
    /** Keeps every sum of durations, in nanoseconds, inside a long. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final List<Fault> faults = new ArrayList<>();

    Checks expect(boolean right, String path, String found, String expected) {
        if (!right) {
            faults.add(new Fault(path, found, expected));
        }
        return this;
    }

    Checks refuse(String path, String why) {
        faults.add(new Fault(path, null, why));
        return this;
    }

    Checks atLeast(String path, int value, int least) {
        return expect(value >= least, path, Integer.toString(value), "at least " + least);
    }

    Checks atLeast(String path, Duration value, Duration least) {
        expect(value.compareTo(least) >= 0, path, Durations.format(value), "at least " + Durations.format(least));
        return expect(
                value.compareTo(LONGEST) <= 0, path, Durations.format(value), "at most " + Durations.format(LONGEST));
    }

    Checks positive(String path, Duration value) {
        return atLeast(path, value, SHORTEST);
    }

    Checks notBlank(String path, String value) {
        return expect(!value.isBlank(), path, "\"" + value + "\"", "a name");
    }

    /** A check of one setting against others. It counts for nothing while one of them is at fault itself. */
    Checks compare(boolean right, String path, String found, String expected, String... against) {
        if (!right) {
            faults.add(new Fault(path, found, expected, List.of(against)));
        }
        return this;
    }

    /** @throws SettingsException if a check failed */
    void finish() {
        List<Fault> standing =
                faults.stream().filter(fault -> fault.standsBeside(faults)).toList();
        if (!standing.isEmpty()) {
            throw new SettingsException(standing);
        }
    }
}
