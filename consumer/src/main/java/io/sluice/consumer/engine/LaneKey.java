package io.sluice.consumer.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A record key, and how many of its tasks hold a permit. Kept while a task of it is unsettled here or its code runs,
 * whoever owns the partition by then, so that a partition which comes back finds its old calls counted (P3). Made by the
 * poll thread, then owned by the loop.
 */
final class LaneKey {
    private final byte[] bytes;
    private final int hash;

    int inFlight;

    /** Those that are neither settled nor dropped, wherever they are. */
    int unsettled;

    /** Of those, the ones that count against its share of the window. */
    int sharing;

    /** Ends its rest, until which none of its tasks may start; null while it does not rest. */
    Loop.@Nullable Timer rest;

    long restUntilNanos;

    /** The next one in its chain of {@link LaneKeys}. */
    @Nullable
    LaneKey chained;

    /** The first of its lanes. */
    @Nullable
    Lane lanes;

    LaneKey(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    boolean isIdle() {
        return unsettled == 0 && inFlight == 0 && rest == null;
    }

    /** Whether a task waits in one of its lanes: an ordered one that has started keeps its place and does not wait. */
    boolean hasWaiting() {
        for (Lane lane = lanes; lane != null; lane = lane.sibling) {
            if (!lane.isEmpty() && !lane.held) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LaneKey key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
