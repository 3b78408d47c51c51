package io.sluice.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a producer was given and has not answered for, in the order in which it was given. Of what was answered behind one
 * that was not, it keeps no more than there is of the others, or a few. One thread.
 */
final class Outstanding<T extends Outstanding.Answerable> {
    private static final int FEW = 1_000;

    /** Says whether it was answered. */
    interface Answerable {
        /** From any thread. */
        boolean isAnswered();
    }

    private final Deque<T> given = new ArrayDeque<>();
    private int sweepAt = FEW;

    void add(T one) {
        given.add(one);
        if (given.size() > sweepAt) {
            given.removeIf(Answerable::isAnswered);
            sweepAt = Math.max(FEW, 2 * given.size());
        }
    }

    /** Null if all was answered. */
    @Nullable
    T oldest() {
        T oldest = given.peek();
        while (oldest != null && oldest.isAnswered()) {
            given.remove();
            oldest = given.peek();
        }
        return oldest;
    }

    void clear() {
        given.clear();
    }

    int size() {
        return given.size();
    }
}
