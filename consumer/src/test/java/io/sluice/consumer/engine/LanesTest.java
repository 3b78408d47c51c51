package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.record.Envelope;
import io.sluice.settings.Limits;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LanesTest {
    private final OwnedPartition partition = new OwnedPartition(0, 12);
    private final OwnedPartition other = new OwnedPartition(1, 12);
    private final TaskType x = type("x", 1_000);
    private final TaskType y = type("y", 1_000);
    private long offset;

    static TaskType type(String name, int maxInFlight) {
        return new TaskType(
                name,
                TestSettings.type(maxInFlight),
                RetryPolicy.untilKnown(Duration.ofDays(1)),
                attempt -> Future.succeededFuture(),
                Runnable::run);
    }

    private static Lanes lanes(int maxInFlight, int perKey, TaskType... types) {
        Lanes lanes = new Lanes(new Limits(maxInFlight, perKey), new VirtualLoop());
        for (TaskType type : types) {
            lanes.add(type);
        }
        return lanes;
    }

    private Task task(@Nullable String key, TaskType type) {
        return task(key, type, partition);
    }

    private Task task(@Nullable String key, TaskType type, OwnedPartition where) {
        Task task = new Task(TaskRecord.at(offset++).key(key).build(), where);
        task.accept(new Envelope("t" + task.record.offset(), type.name, null, null, null), type);
        return task;
    }

    private Task add(Lanes lanes, @Nullable String key, TaskType type) {
        Task task = task(key, type);
        lanes.add(task);
        return task;
    }

    private static Permit next(Lanes lanes) {
        Permit permit = lanes.next();
        if (permit == null) {
            throw new AssertionError("nothing may start");
        }
        return permit;
    }

    private static List<Permit> all(Lanes lanes) {
        List<Permit> permits = new ArrayList<>();
        for (Permit permit = lanes.next(); permit != null; permit = lanes.next()) {
            permits.add(permit);
        }
        return permits;
    }

    @Test
    void aKeyRunsNoMoreThanItsLimit() {
        Lanes lanes = lanes(10, 2, x);
        for (int i = 0; i < 5; i++) {
            add(lanes, "a", x);
        }

        assertThat(all(lanes)).hasSize(2);
        assertThat(lanes.waiting()).isEqualTo(3);
    }

    @Test
    void theConsumerRunsNoMoreThanItsLimit() {
        Lanes lanes = lanes(3, 2, x);
        for (int i = 0; i < 10; i++) {
            add(lanes, "key" + i, x);
        }

        assertThat(all(lanes)).hasSize(3);
        assertThat(lanes.inFlight()).isEqualTo(3);
    }

    @Test
    void aTypeRunsNoMoreThanItsLimit() {
        TaskType small = type("small", 2);
        Lanes lanes = lanes(10, 10, small);
        for (int i = 0; i < 10; i++) {
            add(lanes, "key" + i, small);
        }

        assertThat(all(lanes)).hasSize(2);
    }

    @Test
    void aReleasedPermitLetsTheNextOneStart() {
        Lanes lanes = lanes(10, 1, x);
        Task first = add(lanes, "a", x);
        Task second = add(lanes, "a", x);
        Permit permit = next(lanes);
        assertThat(permit.task).isSameAs(first);

        permit.release();
        lanes.leave(first);

        assertThat(next(lanes).task).isSameAs(second);
    }

    @Test
    void aPermitReleasedTwiceCountsOnce() {
        Lanes lanes = lanes(2, 2, x);
        add(lanes, "a", x);
        add(lanes, "a", x);
        Permit permit = next(lanes);
        next(lanes);

        permit.release();
        permit.release();

        assertThat(lanes.inFlight()).isEqualTo(1);
        assertThat(x.inFlight).isEqualTo(1);
        add(lanes, "a", x);
        add(lanes, "a", x);
        assertThat(all(lanes)).hasSize(1);
    }

    @Test
    void withLimitOneTheNextStartsOnlyWhenTheOneBeforeHasLeft() {
        Lanes lanes = lanes(10, 1, x);
        Task first = add(lanes, "a", x);
        add(lanes, "a", x);

        next(lanes).release();
        assertThat(lanes.next()).as("the first one still settles").isNull();

        lanes.leave(first);
        assertThat(lanes.next()).isNotNull();
    }

    @Test
    void withLimitOneARetryComesBeforeWhatWaitsBehindIt() {
        Lanes lanes = lanes(10, 1, x);
        Task first = add(lanes, "a", x);
        add(lanes, "a", x);
        next(lanes).release();

        lanes.retry(first);

        assertThat(next(lanes).task).isSameAs(first);
    }

    @Test
    void withLimitOneTheOrderHoldsAcrossTypes() {
        Lanes lanes = lanes(10, 1, x, y);
        List<Task> added = List.of(add(lanes, "a", x), add(lanes, "a", y), add(lanes, "a", y), add(lanes, "a", x));

        List<Task> started = new ArrayList<>();
        for (int i = 0; i < added.size(); i++) {
            Permit permit = next(lanes);
            assertThat(lanes.next()).isNull();
            started.add(permit.task);
            permit.release();
            lanes.leave(permit.task);
        }

        assertThat(started).containsExactlyElementsOf(added);
    }

    @Test
    void withLimitOneAPartitionThatComesBackWaitsForTheOldCall() {
        Lanes lanes = lanes(10, 1, x);
        Task old = add(lanes, "a", x);
        Permit permit = next(lanes);
        lanes.removeIf(task -> true, lanes::leave);
        lanes.add(task("a", x, other));

        assertThat(lanes.next()).isNull();
        permit.release();
        assertThat(lanes.next()).isNull();
        lanes.leave(old);

        assertThat(lanes.next()).isNotNull();
    }

    @Test
    void tasksWithoutAKeyShareNoLimitButTheConsumers() {
        Lanes lanes = lanes(5, 1, x);
        for (int i = 0; i < 10; i++) {
            add(lanes, null, x);
        }

        assertThat(all(lanes)).hasSize(5);
        assertThat(lanes.keys()).isZero();
    }

    @Test
    void aSaturatedTypeDoesNotHoldUpAnotherTypeOfTheSameKey() {
        TaskType small = type("small", 1);
        Lanes lanes = lanes(10, 3, small, y);
        add(lanes, "a", small);
        add(lanes, "a", small);
        Task behind = add(lanes, "a", y);

        assertThat(all(lanes))
                .extracting(permit -> permit.task)
                .contains(behind)
                .hasSize(2);
    }

    @Test
    void typesTakeTurns() {
        Lanes lanes = lanes(100, 1, x, y);
        for (int i = 0; i < 50; i++) {
            add(lanes, "x" + i, x);
        }
        for (int i = 0; i < 3; i++) {
            add(lanes, "y" + i, y);
        }

        List<TaskType> started = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            started.add(next(lanes).task.type());
        }

        assertThat(started).containsExactly(x, y, x, y, x, y);
    }

    @Test
    void keysTakeTurns() {
        Lanes lanes = lanes(1, 1, x);
        for (int i = 0; i < 50; i++) {
            add(lanes, "flood", x);
        }
        Task polite = add(lanes, "polite", x);

        Permit first = next(lanes);
        first.release();
        lanes.leave(first.task);

        assertThat(next(lanes).task).isSameAs(polite);
    }

    /** Both types want the permits of one key; the one with many other keys must not always come too late. */
    @Test
    void aTypeWithManyKeysIsNotStarvedOfAKeyByATypeWithOne() {
        Lanes lanes = lanes(20, 2, x, y);
        int keys = 100;
        Map<String, Integer> rounds = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            add(lanes, "key" + i, x);
            add(lanes, "key" + i, x);
        }
        for (int i = 0; i < 4; i++) {
            add(lanes, "shared", y);
        }
        Task wanted = add(lanes, "shared", x);
        Deque<Permit> running = new ArrayDeque<>(all(lanes));
        int starts = 0;
        boolean hasStarted = running.stream().anyMatch(permit -> permit.task == wanted);
        while (!hasStarted && starts < 10_000) {
            Permit ended = running.remove();
            ended.release();
            String key = new String(ended.task.record.key(), StandardCharsets.UTF_8);
            rounds.merge(key, 1, Integer::sum);
            add(lanes, key, ended.task.type());
            for (Permit permit : all(lanes)) {
                starts++;
                hasStarted |= permit.task == wanted;
                running.add(permit);
            }
        }

        assertThat(starts)
                .as("starts before it had its turn; %s", rounds.get("shared"))
                .isLessThan(10 * keys);
    }

    @Test
    void anIdleKeyIsForgotten() {
        Lanes lanes = lanes(10, 2, x, y);
        add(lanes, "a", x);
        add(lanes, "a", y);
        add(lanes, "b", x);
        assertThat(lanes.keys()).isEqualTo(2);

        for (Permit permit : all(lanes)) {
            permit.release();
            lanes.leave(permit.task);
        }

        assertThat(lanes.keys()).isZero();
        assertThat(x.ready).isEmpty();
        assertThat(y.ready).isEmpty();
    }

    @Test
    void aKeyThatKeepsBusyKeepsAsManyLanesAsItHasTypes() {
        Lanes lanes = lanes(100, 100, x, y);
        add(lanes, "a", x);
        LaneKey key = next(lanes).key;
        if (key == null) {
            throw new AssertionError("the key is remembered while one of its tasks runs");
        }
        TaskType full = type("full", 1);
        lanes.add(full);
        add(lanes, "a", full);
        next(lanes);
        for (int i = 0; i < 100; i++) {
            add(lanes, "a", y);
            next(lanes).release();
            add(lanes, "a", full);
        }

        int count = 0;
        for (Lane lane = key.lanes; lane != null; lane = lane.sibling) {
            count++;
        }
        assertThat(count).isLessThanOrEqualTo(3);
    }

    @Test
    void whatWaitsBehindASaturatedKeyIsNeverLookedAt() {
        Lanes lanes = lanes(100, 2, x);
        for (int i = 0; i < 10_000; i++) {
            add(lanes, "a", x);
        }
        List<Permit> running = all(lanes);
        assertThat(running).hasSize(2);
        assertThat(x.ready).isEmpty();

        running.get(0).release();

        assertThat(x.ready).hasSize(1);
    }

    @Test
    void removingTakesOutWhatWaitsAndLeavesWhatRuns() {
        Lanes lanes = lanes(10, 2, x);
        List<Task> mine = List.of(add(lanes, "a", x), add(lanes, "a", x), add(lanes, "a", x), add(lanes, "b", x));
        Task kept = task("b", x, other);
        lanes.add(kept);
        Permit running = next(lanes);

        List<Task> removed = new ArrayList<>();
        lanes.removeIf(task -> task.partition == partition, task -> {
            removed.add(task);
            lanes.leave(task);
        });

        assertThat(removed).hasSize(3).doesNotContain(running.task).isSubsetOf(mine);
        assertThat(lanes.waiting()).isEqualTo(1);
        assertThat(next(lanes).task).isSameAs(kept);
        assertThat(lanes.next()).isNull();
    }

    @Test
    void removingLeavesNothingBehindInTheRingOfATypeThatIsFull() {
        TaskType small = type("small", 1);
        Lanes lanes = lanes(10, 2, small);
        add(lanes, "busy", small);
        next(lanes);
        add(lanes, "a", small);
        add(lanes, null, small);

        lanes.removeIf(task -> true, lanes::leave);

        assertThat(small.ready).isEmpty();
        assertThat(lanes.keys()).isEqualTo(1);
    }

    @Test
    void withLimitOneRemovingTheHeadOfAFullTypeFreesTheOneBehindIt() {
        TaskType small = type("small", 1);
        Lanes lanes = lanes(10, 1, small, y);
        add(lanes, "busy", small);
        next(lanes);
        add(lanes, "a", small);
        Task behind = task("a", y, other);
        lanes.add(behind);

        lanes.removeIf(task -> task.partition == partition, lanes::leave);

        assertThat(next(lanes).task).isSameAs(behind);
    }

    @Test
    void noHistoryExceedsALimitOrLeavesAFreePermitUnused() {
        for (int seed = 0; seed < 300; seed++) {
            new LanesHistory(seed).play(400);
        }
    }

    /** Kept apart so that a failing seed can be played again by itself. */
    @Test
    void aLongHistoryDoesNotEither() {
        new LanesHistory(new Random(42).nextInt()).play(5_000);
    }
}
