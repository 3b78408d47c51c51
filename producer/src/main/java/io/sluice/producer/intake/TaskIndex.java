package io.sluice.producer.intake;

import io.sluice.producer.client.Receipt;
import io.sluice.record.TaskResult;
import io.sluice.settings.IndexSettings;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recent tasks by their ids: those that came in here, and those whose result was read. Bounded by count, by the size of
 * the results and by age; the one that was heard of longest ago goes first. One event loop owns it.
 */
public final class TaskIndex {
    private final IndexSettings bounds;
    private final Clock clock;
    /** In the order in which something was last heard of them. */
    private final LinkedHashMap<String, Known> byId = new LinkedHashMap<>();

    private long bytes;
    private @Nullable Instant readSince;
    private Instant forgottenUntil = Instant.MIN;

    public TaskIndex(IndexSettings bounds, Clock clock) {
        this.bounds = bounds;
        this.clock = clock;
    }

    /**
     * Whether a task came in here before.
     *
     * @param mark of the task, to tell it from another with the same id
     * @return when the broker has it; failed with {@link IdReused} if it was another task; null if it did not, or in vain
     */
    @Nullable
    Future<Receipt> earlier(String id, long mark) {
        Known known = find(id);
        Future<Receipt> receipt = known == null ? null : known.receipt();
        if (known == null || receipt == null || receipt.failed()) {
            return null;
        }
        return known.mark() == mark ? receipt : Future.failedFuture(new IdReused(id));
    }

    /** Remembers that a task was handed to the broker, until that is known to have failed. */
    Future<Receipt> submitted(String id, String type, long mark, Future<Receipt> receipt) {
        if (receipt.failed()) {
            return receipt;
        }
        put(id, new Known(type, mark, receipt, null, clock.instant()));
        return receipt.onFailure(refused -> {
            Known known = byId.get(id);
            if (known != null && known.receipt() == receipt) {
                remove(id);
            }
        });
    }

    /** Remembers what became of a task. */
    void settled(TaskResult result) {
        Instant now = clock.instant();
        Known known = byId.get(result.taskId());
        put(result.taskId(), known == null ? new Known(result.type(), 0, null, result, now) : known.with(result, now));
    }

    /** All results from then on are read, but for those that are forgotten again. */
    void readSince(@Nullable Instant begin) {
        readSince = begin;
    }

    /**
     * From when on a task that has ended is known; null while the results are not, or not all, read. What came in here and
     * has not ended is known for as long.
     */
    public @Nullable Instant knowsSince() {
        Instant begin = readSince;
        if (begin == null) {
            return null;
        }
        forgetOld();
        Instant windowBegin = clock.instant().minus(bounds.window());
        Instant since = begin.isAfter(forgottenUntil) ? begin : forgottenUntil;
        return since.isAfter(windowBegin) ? since : windowBegin;
    }

    /** Null if nothing is known of it. */
    public @Nullable Known find(String id) {
        forgetOld();
        return byId.get(id);
    }

    public int size() {
        return byId.size();
    }

    private void put(String id, Known known) {
        remove(id);
        byId.put(id, known);
        bytes += known.bytes();
        forgetOld();
    }

    private void remove(String id) {
        Known old = byId.remove(id);
        bytes -= old == null ? 0 : old.bytes();
    }

    private void forgetOld() {
        Instant windowBegin = clock.instant().minus(bounds.window());
        Iterator<Map.Entry<String, Known>> oldest = byId.entrySet().iterator();
        while (oldest.hasNext()) {
            Known known = oldest.next().getValue();
            boolean tooMany = byId.size() > bounds.maxTasks() || bytes > bounds.maxBytes();
            if (!tooMany && !known.since().isBefore(windowBegin)) {
                return;
            }
            oldest.remove();
            bytes -= known.bytes();
            if (tooMany) {
                forgottenUntil = known.since();
            }
        }
    }
}
