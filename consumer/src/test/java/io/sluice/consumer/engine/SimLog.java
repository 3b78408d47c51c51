package io.sluice.consumer.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one partition of a topic that consumers read holds; null where no record is, as behind a transaction's marker. */
final class SimLog {
    private final List<@Nullable SimRecord> entries = new ArrayList<>();

    long end() {
        return entries.size();
    }

    void append(@Nullable SimRecord record) {
        entries.add(record);
    }

    /** Whether the record there waits for a time beyond this history, and what is behind it is done or waits too. */
    boolean restsFrom(long offset) {
        SimRecord first = at(offset);
        if (first == null || !first.task.plan.isFar()) {
            return false;
        }
        for (long behind = offset; behind < end(); behind++) {
            SimRecord record = at(behind);
            if (record != null && !record.committed && !record.task.plan.isFar()) {
                return false;
            }
        }
        return true;
    }

    @Nullable
    SimRecord at(long offset) {
        return offset < entries.size() ? entries.get((int) offset) : null;
    }
}
