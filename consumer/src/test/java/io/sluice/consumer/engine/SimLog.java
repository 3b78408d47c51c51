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

    @Nullable
    SimRecord at(long offset) {
        return offset < entries.size() ? entries.get((int) offset) : null;
    }
}
