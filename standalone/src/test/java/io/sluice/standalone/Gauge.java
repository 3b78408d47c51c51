package io.sluice.standalone;

import java.util.Map;
import java.util.TreeMap;

/** Counts how many are inside at once, by name, and remembers the most. Any thread. */
final class Gauge {
    private final Map<String, Integer> inside = new TreeMap<>();
    private final Map<String, Integer> most = new TreeMap<>();

    synchronized void enter(String name) {
        int now = inside.merge(name, 1, Integer::sum);
        most.merge(name, now, Math::max);
    }

    synchronized void leave(String name) {
        inside.merge(name, -1, Integer::sum);
    }

    /** The most that were ever inside at once. */
    synchronized Map<String, Integer> most() {
        return Map.copyOf(most);
    }
}
