package io.sluice.consumer.engine;

import io.sluice.settings.Results;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task of a history: what it is going to do, and what the witness has heard of it. */
final class SimTask {
    final int number;
    final @Nullable String key;
    final String type;
    final Results results;
    final SimPlan plan;

    /** The task that emitted it; null if a producer sent it. */
    final @Nullable SimTask parent;

    /** The record it came with, and all copies of it that are read. */
    final List<SimRecord> records = new ArrayList<>();

    /** What has been acknowledged of it, to whomever. */
    final SimOutcome total = new SimOutcome();

    /** What has been written of it, acknowledged or not. */
    final SimOutcome written = new SimOutcome();

    /** How often its body has been called. */
    int runs;

    /** Whether one of its calls has ended well. */
    boolean succeeded;

    /** Of a key that has done no wrong: it must not have to wait for those that have. */
    boolean isProbe;

    private final long writtenNanos;

    SimTask(
            int number,
            @Nullable String key,
            String type,
            Results results,
            SimPlan plan,
            @Nullable SimTask parent,
            long writtenNanos) {
        this.number = number;
        this.key = key;
        this.type = type;
        this.results = results;
        this.plan = plan;
        this.parent = parent;
        this.writtenNanos = writtenNanos;
    }

    SimRecord first() {
        return records.get(0);
    }

    long writtenNanos() {
        return writtenNanos;
    }

    long dueAt() {
        return writtenNanos + plan.dueIn();
    }

    long expiresAt() {
        return writtenNanos + plan.expiresIn();
    }

    /** Whether one of its calls has gone that way. */
    boolean did(SimPlan.How how) {
        for (int call = 0; call < runs; call++) {
            if (plan.act(call).how() == how) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "task " + number;
    }
}
