package io.sluice.producer.submit;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines that the broker has acknowledged, on their way into the journal: all that one turn of the submission's context
 * has heard of are one write. That context owns it.
 */
final class Acknowledged {
    private final @Nullable Journal journal;
    private int[] lines = new int[512];
    private int count;
    private volatile @Nullable String failure;

    /** @param journal null if none is kept */
    Acknowledged(@Nullable Journal journal) {
        this.journal = journal;
    }

    void add(int line) {
        if (journal == null) {
            return;
        }
        if (count == 0) {
            // Behind those that have been acknowledged at once with this one.
            Context context = Vertx.currentContext();
            context.runOnContext(turn -> write());
        }
        if (count == lines.length) {
            lines = Arrays.copyOf(lines, 2 * count);
        }
        lines[count++] = line;
    }

    void write() {
        int some = count;
        count = 0;
        if (journal == null || some == 0 || failure != null) {
            return;
        }
        Arrays.sort(lines, 0, some);
        try {
            journal.append(lines, some);
        } catch (IOException e) {
            failure = "the progress cannot be written any more: " + Reasons.of(e);
        }
    }

    /** Why it can record no more; null while it can. From any thread. */
    @Nullable
    String failure() {
        return failure;
    }
}
