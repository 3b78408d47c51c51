package io.sluice.consumer.engine;

import io.sluice.record.Origin;
import io.sluice.record.Trip;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks of one partition are here and which have ended here, by their origin: of several copies of one task, one goes on. A consumer
 * that dies between a move and its commit leaves the original and a copy; one that was frozen writes, when it wakes up,
 * copies of tasks that have ended since; a write whose acknowledgement was lost is there twice. Loop thread only.
 *
 * <p>Of a task that moves, the copy is the task from then on. So whatever is dropped, one record of the task is left that
 * is uncommitted, or its end has been acknowledged.
 */
final class Copies {
    private static final int PAGE_BITS = 16;
    private static final long IN_PAGE = (1 << PAGE_BITS) - 1;

    /** About a million offsets, in at most 256 KiB. */
    private static final int PAGES = 16;

    /** So many offsets of one topic partition. */
    private record PageId(String topic, int partition, long number) {}

    private static final class Page {
        final BitSet here = new BitSet();
        final BitSet ended = new BitSet();
    }

    private final Map<PageId, Page> pages = new Recent();

    /** Takes a task, unless another record of it is here or it has ended here; whether that is so. */
    boolean isDuplicate(Task task) {
        @Nullable Origin origin = origin(task);
        if (origin == null) {
            return false;
        }
        Page page = page(origin);
        int offset = offset(origin);
        if (page.here.get(offset) || page.ended.get(offset)) {
            return true;
        }
        page.here.set(offset);
        task.isTaken = true;
        return false;
    }

    /** A copy of it is about to be written: whoever reads that takes it. */
    void moves(Task task) {
        mark(task, false);
    }

    /** It cannot be moved. */
    void stays(Task task) {
        mark(task, true);
    }

    /** Its last record is acknowledged. */
    void ended(Task task) {
        @Nullable Origin origin = task.isTaken ? origin(task) : null;
        if (origin != null) {
            Page page = page(origin);
            page.here.clear(offset(origin));
            page.ended.set(offset(origin));
        }
    }

    private void mark(Task task, boolean here) {
        @Nullable Origin origin = task.isTaken ? origin(task) : null;
        if (origin != null) {
            page(origin).here.set(offset(origin), here);
        }
    }

    /** Null for a dead letter that was sent again, perhaps twice: whoever did that meant it. */
    private static @Nullable Origin origin(Task task) {
        Trip trip = task.envelope().trip();
        return trip.redrives() > 0 ? null : trip.originOf(task.record);
    }

    private static int offset(Origin origin) {
        return (int) (origin.offset() & IN_PAGE);
    }

    private Page page(Origin origin) {
        PageId id = new PageId(origin.topic(), origin.partition(), origin.offset() >>> PAGE_BITS);
        return pages.computeIfAbsent(id, added -> new Page());
    }

    /** The pages that were used last. */
    private static final class Recent extends LinkedHashMap<PageId, Page> {
        private static final long serialVersionUID = 1;

        Recent() {
            super(PAGES, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<PageId, Page> eldest) {
            return size() > PAGES;
        }
    }
}
