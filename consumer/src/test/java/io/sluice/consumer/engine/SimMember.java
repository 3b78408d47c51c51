package io.sluice.consumer.engine;

import java.util.Set;
import java.util.TreeSet;

/** A consumer as the group knows it, from its joining to its leaving or the end of its session. */
final class SimMember {
    final SimConsumer consumer;
    private final int epoch;

    /** The partition numbers it is to have. */
    final Set<Integer> target = new TreeSet<>();

    /** Those that no other may have before it has given them back. */
    final Set<Integer> owned = new TreeSet<>();

    /** It has to give back everything before anyone gets anything. */
    boolean revokesAll;

    private boolean known = true;

    SimMember(SimConsumer consumer, int epoch) {
        this.consumer = consumer;
        this.epoch = epoch;
    }

    boolean isKnown() {
        return known;
    }

    void forget() {
        known = false;
    }

    @Override
    public String toString() {
        return consumer + " member " + epoch;
    }
}
