package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.record.Envelope;
import io.sluice.settings.Limits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One random history of lanes, checked against books of its own after every step. */
final class LanesHistory {
    private enum State {
        WAITING,
        RUNNING,
        /** Its permit is back; it backs off or settles. */
        AWAY,
        /** It has left, but its call has not: a stuck one. */
        STUCK,
        GONE
    }

    private static final class Entry {
        final Task task;
        final @Nullable String key;
        State state = State.WAITING;
        boolean fresh = true;

        @Nullable
        Permit permit;

        Entry(Task task, @Nullable String key) {
            this.task = task;
            this.key = key;
        }

        boolean holdsPermit() {
            return state == State.RUNNING || state == State.STUCK;
        }
    }

    private final int seed;
    private final Random random;
    private final Limits limits;
    private final Lanes lanes;
    private final List<TaskType> types = new ArrayList<>();
    private final Map<TaskType, Integer> limitOf = new HashMap<>();
    private final List<OwnedPartition> partitions = new ArrayList<>();
    private final int keys;

    /** In order of arrival; those that are gone are taken out. */
    private final List<Entry> book = new ArrayList<>();

    private long offset;

    LanesHistory(int seed) {
        this.seed = seed;
        this.random = new Random(seed);
        int perKey = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(3);
        this.limits = new Limits(perKey + random.nextInt(6), perKey);
        this.keys = 1 + random.nextInt(5);
        this.lanes = new Lanes(limits, new VirtualLoop());
        int number = 1 + random.nextInt(3);
        for (int i = 0; i < number; i++) {
            int limit = 1 + random.nextInt(limits.maxInFlight());
            TaskType type = new TaskType(
                    "type" + i,
                    TestSettings.type(limit),
                    RetryPolicy.untilKnown(Duration.ofDays(1)),
                    attempt -> Future.succeededFuture(),
                    Runnable::run);
            types.add(type);
            limitOf.put(type, limit);
            lanes.add(type);
        }
        for (int i = 0; i < 3; i++) {
            partitions.add(new OwnedPartition(i, 12));
        }
    }

    void play(int steps) {
        for (int step = 0; step < steps; step++) {
            step();
            check("seed " + seed + ", step " + step);
        }
        while (!book.isEmpty()) {
            finish();
        }
        check("seed " + seed + ", end");
        assertThat(lanes.keys()).as("seed %d: keys remembered at the end", seed).isZero();
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 35) {
            add();
        } else if (dice < 60) {
            start();
        } else if (dice < 98) {
            move();
        } else {
            remove();
        }
    }

    private void add() {
        if (book.size() > 60) {
            return;
        }
        String key = random.nextInt(6) == 0 ? null : "key" + random.nextInt(keys);
        // Sometimes a key is found in another partition: its own has gone and come back.
        OwnedPartition partition = partitions.get(random.nextInt(partitions.size()));
        TaskType type = types.get(random.nextInt(types.size()));
        Task task = new Task(TaskRecord.at(offset++).key(key).build(), partition);
        task.accept(new Envelope("t" + offset, type.name, null, null, null), type);
        book.add(new Entry(task, key));
        lanes.add(task);
    }

    private void start() {
        Permit permit = lanes.next();
        if (permit == null) {
            List<Long> missed = book.stream()
                    .filter(this::mayStart)
                    .map(entry -> entry.task.record.offset())
                    .toList();
            assertThat(missed).as("seed %d: could start, but does not", seed).isEmpty();
            return;
        }
        Entry entry = book.stream()
                .filter(known -> known.task == permit.task)
                .findFirst()
                .orElseThrow();
        assertThat(entry.state).as("seed %d", seed).isEqualTo(State.WAITING);
        assertThat(mayStart(entry))
                .as("seed %d: task %d starts beyond a limit or out of order", seed, entry.task.record.offset())
                .isTrue();
        entry.state = State.RUNNING;
        entry.fresh = false;
        entry.permit = permit;
    }

    private void move() {
        List<Entry> movable =
                book.stream().filter(entry -> entry.state != State.WAITING).toList();
        if (movable.isEmpty()) {
            return;
        }
        Entry entry = movable.get(random.nextInt(movable.size()));
        if (entry.state == State.AWAY) {
            if (random.nextBoolean()) {
                entry.state = State.WAITING;
                lanes.retry(entry.task);
            } else {
                lanes.leave(entry.task);
                end(entry);
            }
        } else if (entry.state == State.RUNNING && random.nextInt(8) == 0) {
            entry.state = State.STUCK;
            lanes.leave(entry.task);
        } else {
            boolean stuck = entry.state == State.STUCK;
            release(entry);
            if (stuck) {
                end(entry);
            } else {
                entry.state = State.AWAY;
            }
        }
    }

    private void remove() {
        OwnedPartition gone = partitions.get(random.nextInt(partitions.size()));
        Set<Task> expected = new HashSet<>();
        book.stream()
                .filter(entry -> entry.state == State.WAITING && entry.task.partition == gone)
                .forEach(entry -> expected.add(entry.task));
        Set<Task> removed = new HashSet<>();
        lanes.removeIf(task -> task.partition == gone, task -> {
            removed.add(task);
            lanes.leave(task);
        });
        assertThat(removed).as("seed %d", seed).isEqualTo(expected);
        book.removeIf(entry -> expected.contains(entry.task));
    }

    /** Brings everything to its end. */
    private void finish() {
        start();
        for (Entry entry : List.copyOf(book)) {
            if (entry.holdsPermit()) {
                boolean stuck = entry.state == State.STUCK;
                release(entry);
                if (!stuck) {
                    lanes.leave(entry.task);
                }
                end(entry);
            } else if (entry.state == State.AWAY) {
                lanes.leave(entry.task);
                end(entry);
            }
        }
    }

    private void release(Entry entry) {
        Permit permit = Objects.requireNonNull(entry.permit);
        permit.release();
        if (random.nextInt(4) == 0) {
            permit.release();
        }
    }

    private void end(Entry entry) {
        entry.state = State.GONE;
        book.remove(entry);
    }

    private boolean mayStart(Entry entry) {
        return entry.state == State.WAITING
                && count(book.stream()) < limits.maxInFlight()
                && count(book.stream().filter(each -> each.task.type() == entry.task.type()))
                        < Objects.requireNonNull(limitOf.get(entry.task.type()))
                && (entry.key == null || (keyHasRoom(entry) && isFirst(entry)));
    }

    private boolean keyHasRoom(Entry entry) {
        return count(book.stream().filter(each -> Objects.equals(each.key, entry.key))) < limits.maxInFlightPerKey();
    }

    /** With limit 1: no older task of the key is left. Else: no older one of the key and type still waits for its turn. */
    private boolean isFirst(Entry entry) {
        for (Entry older : book) {
            if (older == entry) {
                return true;
            }
            boolean sameKey = Objects.equals(older.key, entry.key);
            if (limits.maxInFlightPerKey() == 1 && sameKey && older.state != State.STUCK) {
                return false;
            }
            if (sameKey && older.task.type() == entry.task.type() && older.fresh && entry.fresh) {
                return false;
            }
            if (sameKey && older.task.type() == entry.task.type() && entry.fresh && older.state == State.WAITING) {
                return false;
            }
        }
        throw new IllegalStateException("not in the book");
    }

    private static long count(Stream<Entry> entries) {
        return entries.filter(Entry::holdsPermit).count();
    }

    private void check(String where) {
        long running = count(book.stream());
        assertThat((long) lanes.inFlight()).as(where).isEqualTo(running).isLessThanOrEqualTo(limits.maxInFlight());
        assertThat((long) lanes.waiting())
                .as(where)
                .isEqualTo(book.stream()
                        .filter(entry -> entry.state == State.WAITING)
                        .count());
        for (TaskType type : types) {
            assertThat((long) type.inFlight)
                    .as(where)
                    .isEqualTo(count(book.stream().filter(entry -> entry.task.type() == type)));
        }
        Set<String> remembered = new HashSet<>();
        for (Entry entry : book) {
            if (entry.key != null) {
                remembered.add(entry.key);
            }
        }
        assertThat(lanes.keys())
                .as("%s: %s", where, Arrays.toString(remembered.toArray()))
                .isEqualTo(remembered.size());
    }
}
