package io.sluice.consumer.engine;

import io.sluice.record.Envelope;
import io.sluice.record.Origin;
import io.sluice.record.Trip;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks of one partition are here and which have ended here: a copy of one of them is dropped. A consumer that dies
 * between a move and its commit leaves the original and a copy; one that was frozen writes, when it wakes up, copies of
 * tasks that have ended since; a write whose acknowledgement was lost is there twice. Loop thread only.
 *
 * <p>Of a task that moves, the copy is the task from then on. So when a copy is dropped, a record of its task is left that
 * is uncommitted, or the task's end has been acknowledged. An original is never dropped. A task is known by its origin's
 * place and by a mark that is made of its origin's time, its id, type, key and value: an offset can have another task, when a
 * topic was made anew, and headers can be forged.
 *
 * <pre>
 *   page     1,024 offsets of one topic partition, one int each; 0: nothing is known of it
 *   an int   30 bits of the mark │ 01 it is here, 10 it has ended here
 * </pre>
 */
final class Copies {
    private static final int PAGE_BITS = 10;

    /** The pages that were used last: about 130,000 offsets at most, in 512 KiB. */
    private static final int PAGES = 128;

    private static final int HERE = 1;
    private static final int ENDED = 2;
    private static final int STATE = 3;

    /** So many offsets of one topic partition. */
    private record PageId(String topic, int partition, long number) {
        boolean has(Origin origin) {
            return number == origin.offset() >>> PAGE_BITS
                    && partition == origin.partition()
                    && topic.equals(origin.topic());
        }
    }

    private final Map<PageId, int[]> pages = new LinkedHashMap<>(PAGES, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PageId, int[]> eldest) {
            return size() > PAGES;
        }
    };

    /** The last one again, as a rule: offsets come in order. */
    private PageId lastId = new PageId("", 0, -1);

    private int[] lastPage = {};

    /** Takes a task, unless it is a copy of one that is here or has ended here; whether it is. */
    boolean isDuplicate(Task task) {
        @Nullable Origin origin = origin(task);
        if (origin == null) {
            return false;
        }
        int mark = mark(task, origin);
        int known = known(origin);
        boolean isCopy = task.envelope().trip().isCopy();
        if (known == 0 || (!isCopy && (known & ~STATE) != mark)) {
            task.mark = mark | HERE;
            know(origin, task.mark);
            return false;
        }
        // An original beside its copy runs, too, but it is the copy that others are compared with; and what is known of
        // another task says nothing of this one.
        return isCopy && (known & ~STATE) == mark;
    }

    /** A copy of it is about to be written: whoever reads that takes it. */
    void moves(Task task) {
        @Nullable Origin origin = originIfTaken(task);
        if (origin != null && known(origin) == task.mark) {
            know(origin, 0);
        }
    }

    /** It cannot be moved. */
    void stays(Task task) {
        @Nullable Origin origin = originIfTaken(task);
        if (origin != null && known(origin) == 0) {
            know(origin, task.mark);
        }
    }

    /** Its last record is acknowledged. */
    void ended(Task task) {
        @Nullable Origin origin = originIfTaken(task);
        if (origin != null) {
            know(origin, task.mark - HERE + ENDED);
        }
    }

    private static @Nullable Origin originIfTaken(Task task) {
        return task.mark == 0 ? null : origin(task);
    }

    /** Null for a dead letter that was sent again, perhaps twice: whoever did that meant it. */
    private static @Nullable Origin origin(Task task) {
        Trip trip = task.envelope().trip();
        return trip.redrives() > 0 ? null : trip.originOf(task.record);
    }

    private static int mark(Task task, Origin origin) {
        int mark = 31 * mark(task.envelope(), origin) + Long.hashCode(origin.timestamp());
        mark = 31 * mark + task.envelope().type().hashCode();
        return (31 * mark + task.checksum) & ~STATE;
    }

    /** Of its id, which copies keep: one that says the origin's place alone counts nothing, so that it need not be written. */
    private static int mark(Envelope envelope, Origin origin) {
        @Nullable String id = envelope.ownId();
        if (id == null) {
            return envelope.trip().isCopy() ? 1 : 0;
        }
        return origin.isDefaultId(id) ? 0 : id.hashCode();
    }

    private int known(Origin origin) {
        return page(origin)[offset(origin)];
    }

    private void know(Origin origin, int known) {
        page(origin)[offset(origin)] = known;
    }

    private static int offset(Origin origin) {
        return (int) (origin.offset() & ((1 << PAGE_BITS) - 1));
    }

    private int[] page(Origin origin) {
        if (!lastId.has(origin)) {
            lastId = new PageId(origin.topic(), origin.partition(), origin.offset() >>> PAGE_BITS);
            lastPage = pages.computeIfAbsent(lastId, added -> new int[1 << PAGE_BITS]);
        }
        return lastPage;
    }
}
