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
 * Recent tasks by their ids: those that came in here, and those whose result was read. Bounded by count, by memory
 * and by age; the one that was heard of longest ago goes first. One event loop owns it.
 */
public final class TaskIndex {
    private static final int ENTRY = 200;

    private final IndexSettings bounds;
    private final Clock clock;
    /** In the order in which something was last heard of them. */
    private final LinkedHashMap<String, Known> byId = new LinkedHashMap<>();

    private long bytes;
    /** Of {@link #byId}, for whoever measures it. */
    private volatile int size;

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
        Instant now = clock.instant();
        forgetOld(now);
        Instant windowBegin = now.minus(bounds.window());
        Instant since = begin.isAfter(forgottenUntil) ? begin : forgottenUntil;
        return since.isAfter(windowBegin) ? since : windowBegin;
    }

    /** Null if nothing is known of it. */
    public @Nullable Known find(String id) {
        forgetOld(clock.instant());
        return byId.get(id);
    }

    /** How many tasks are known. Any thread. */
    public int size() {
        return size;
    }

    private void put(String id, Known known) {
        Known old = byId.put(id, known);
        if (old != null) {
            // It would keep its old place.
            byId.remove(id);
            byId.put(id, known);
            bytes -= size(id, old);
        }
        bytes += size(id, known);
        forgetOld(known.since());
    }

    private void remove(String id) {
        Known old = byId.remove(id);
        bytes -= old == null ? 0 : size(id, old);
        size = byId.size();
    }

    /** In memory, roughly: a text may take two bytes a character, and an entry with all that belongs to it so many. */
    private static int size(String id, Known known) {
        TaskResult result = known.result();
        return ENTRY + 2 * (id.length() + known.type().length()) + (result == null ? 0 : result.json().length);
    }

    private void forgetOld(Instant now) {
        forgetBefore(now.minus(bounds.window()));
        size = byId.size();
    }

    private void forgetBefore(Instant windowBegin) {
        Iterator<Map.Entry<String, Known>> oldest = byId.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, Known> entry = oldest.next();
            Known known = entry.getValue();
            boolean tooMany = byId.size() > bounds.maxTasks() || bytes > bounds.maxBytes();
            if (!tooMany && !known.since().isBefore(windowBegin)) {
                return;
            }
            bytes -= size(entry.getKey(), known);
            oldest.remove();
            if (tooMany) {
                forgottenUntil = known.since();
            }
        }
    }
}
