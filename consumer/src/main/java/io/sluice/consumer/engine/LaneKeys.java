package io.sluice.consumer.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that are remembered, found by their bytes: a hash table whose chains are of the keys themselves, so that to
 * remember and to forget makes nothing, which most tasks do where there are many keys. Loop thread only.
 */
final class LaneKeys {
    private static final int LEAST = 64;

    /** A power of two: at least as many chains as keys. */
    private @Nullable LaneKey[] chains = new LaneKey[LEAST];

    private int size;

    /** The key of these bytes that is remembered: this one from now on, if there was none. */
    LaneKey remember(LaneKey own) {
        int chain = chain(own);
        for (LaneKey key = chains[chain]; key != null; key = key.chained) {
            if (key.equals(own)) {
                return key;
            }
        }
        own.chained = chains[chain];
        chains[chain] = own;
        size++;
        if (size > chains.length) {
            resize(2 * chains.length);
        }
        return own;
    }

    /** Without effect if it is not there. */
    @SuppressWarnings("ReferenceEquality") // another of the same bytes may be there
    void forget(LaneKey key) {
        int chain = chain(key);
        LaneKey before = null;
        LaneKey each = chains[chain];
        while (each != null && each != key) {
            before = each;
            each = each.chained;
        }
        if (each == null) {
            return;
        }
        if (before == null) {
            chains[chain] = key.chained;
        } else {
            before.chained = key.chained;
        }
        key.chained = null;
        size--;
    }

    int size() {
        return size;
    }

    /** Those that are remembered now. */
    List<LaneKey> all() {
        List<LaneKey> all = new ArrayList<>(size);
        for (LaneKey first : chains) {
            for (LaneKey key = first; key != null; key = key.chained) {
                all.add(key);
            }
        }
        return all;
    }

    private void resize(int length) {
        List<LaneKey> all = all();
        chains = new LaneKey[length];
        for (LaneKey key : all) {
            int chain = chain(key);
            key.chained = chains[chain];
            chains[chain] = key;
        }
    }

    /** The high bits of the hash count, too: keys that are alike differ in few. */
    private int chain(LaneKey key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (chains.length - 1);
    }
}
