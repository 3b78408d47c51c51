package io.sluice.consumer.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The attempts whose code runs, in the order in which they started. Their links are in themselves. Loop thread only. */
final class RunningAttempts {
    private @Nullable Attempt first;
    private @Nullable Attempt last;
    private int size;

    void add(Attempt attempt) {
        attempt.before = last;
        if (last == null) {
            first = attempt;
        } else {
            last.behind = attempt;
        }
        last = attempt;
        size++;
    }

    /** It has to be there. */
    void remove(Attempt attempt) {
        if (attempt.before == null) {
            first = attempt.behind;
        } else {
            attempt.before.behind = attempt.behind;
        }
        if (attempt.behind == null) {
            last = attempt.before;
        } else {
            attempt.behind.before = attempt.before;
        }
        attempt.before = null;
        attempt.behind = null;
        size--;
    }

    int size() {
        return size;
    }

    /** Those that match now, whatever becomes of them while somebody goes through the list. */
    List<Attempt> matching(Predicate<Attempt> matches) {
        List<Attempt> matching = new ArrayList<>();
        for (Attempt attempt = first; attempt != null; attempt = attempt.behind) {
            if (matches.test(attempt)) {
                matching.add(attempt);
            }
        }
        return matching;
    }
}
