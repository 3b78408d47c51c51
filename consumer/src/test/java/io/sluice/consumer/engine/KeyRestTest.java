package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.RetryLater;
import io.sluice.record.Envelope;
import io.sluice.settings.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What {@link RetryLater#forKey} promises. */
class KeyRestTest {
    private static final Duration REST = Duration.ofSeconds(4);

    private static RetryLater forKey(Duration delay) {
        return new RetryLater(delay, "429").forKey();
    }

    @Test
    void noTaskOfTheKeyStartsUntilTheRestIsOverAndThoseThatRunGoOn() {
        Bench bench = new Bench(new Limits(10, 2));
        OwnedPartition partition = bench.partition(0);
        bench.feed(
                partition,
                TaskRecord.at(0).key("a"),
                TaskRecord.at(1).key("a"),
                TaskRecord.at(2).key("a"),
                TaskRecord.at(3).key("b"));

        bench.fail(0, forKey(REST));
        bench.succeed(1);
        bench.feed(partition, TaskRecord.at(4).key("a"), TaskRecord.at(5).key("b"));
        bench.advance(REST.minusMillis(1));
        assertThat(bench.body.started()).containsExactlyInAnyOrder("tasks-0-0", "tasks-0-1", "tasks-0-3", "tasks-0-5");
        assertThat(bench.results()).hasSize(1);

        bench.advance(Duration.ofMillis(1));

        assertThat(bench.body.started().subList(4, 6)).containsExactlyInAnyOrder("tasks-0-0", "tasks-0-2");
        assertThat(bench.status().inFlight())
                .as("two of the key, two of the other")
                .isEqualTo(4);
    }

    @Test
    void withoutForKeyTheOthersGoOn() {
        Bench keyed = new Bench(new Limits(10, 2));
        keyed.feed(
                keyed.partition(0),
                TaskRecord.at(0).key("a"),
                TaskRecord.at(1).key("a"),
                TaskRecord.at(2).key("a"));

        keyed.fail(0, new RetryLater(REST, "429"));

        assertThat(keyed.body.started()).containsExactly("tasks-0-0", "tasks-0-1", "tasks-0-2");
    }

    @Test
    void ofTwoRestsTheOneThatEndsLaterCounts() {
        Bench bench = new Bench(new Limits(10, 2));
        bench.feed(
                bench.partition(0),
                TaskRecord.at(0).key("a"),
                TaskRecord.at(1).key("a"),
                TaskRecord.at(2).key("a"));
        bench.fail(0, forKey(Duration.ofSeconds(2)));
        bench.fail(1, forKey(REST));

        bench.advance(REST.minusMillis(1));
        assertThat(bench.body.started()).hasSize(2);
        bench.advance(Duration.ofMillis(1));

        assertThat(bench.body.started()).hasSize(4);
    }

    @Test
    void withLimitOneTheOrderIsKept() {
        Bench bench = new Bench(new Limits(10, 1));
        bench.feed(
                bench.partition(0), TaskRecord.at(0).key("a"), TaskRecord.at(1).key("a"));
        bench.fail(0, forKey(REST));

        bench.advance(REST);
        assertThat(bench.body.started()).containsExactly("tasks-0-0", "tasks-0-0");
        bench.succeed(0);

        assertThat(bench.body.started()).containsExactly("tasks-0-0", "tasks-0-0", "tasks-0-1");
    }

    @Test
    void aTaskWithoutAKeyHoldsUpNobody() {
        Bench bench = new Bench(new Limits(1, 1));
        bench.feed(bench.partition(0), TaskRecord.at(0), TaskRecord.at(1));

        bench.fail(0, forKey(REST));

        assertThat(bench.body.started()).containsExactly("tasks-0-0", "tasks-0-1");
    }

    @Test
    void anIdleKeyIsRememberedForAsLongAsItRests() {
        VirtualLoop loop = new VirtualLoop();
        Lanes lanes = new Lanes(new Limits(10, 2), loop);
        KeyRests rests = new KeyRests(loop, lanes, () -> {});
        TaskType type = LanesTest.type("work", 10);
        lanes.add(type);
        Task task = new Task(TaskRecord.at(0).key("a").build(), new Bench(new Limits(1, 1)).partition(0));
        task.accept(new Envelope("t0", "work", null, null, null), type);
        LaneKey key = lanes.keyOf(task);
        if (key == null) {
            throw new AssertionError("it has a key");
        }
        loop.on(() -> rests.rest(key, REST));

        lanes.leave(task);
        assertThat(lanes.keys()).isEqualTo(1);
        loop.advance(REST);

        assertThat(lanes.keys()).isZero();
        assertThat(loop.timers()).isZero();
    }
}
