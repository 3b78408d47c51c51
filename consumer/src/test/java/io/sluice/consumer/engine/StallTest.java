package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.settings.Limits;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The stall report names what holds back a commit, and what it is doing. */
class StallTest {
    private final Bench bench = new Bench(new Limits(2, 1));
    private final OwnedPartition partition = bench.partition(0);

    private Stall stall(List<Task> tasks, int index) {
        return bench.dispatcher.stalls(List.of(tasks.get(index))).get(0);
    }

    @Test
    void itNamesTheTaskInOneLine() {
        List<Task> tasks = bench.feed(partition, TaskRecord.at(0).key("a"));
        bench.advance(Duration.ofSeconds(3));

        assertThat(stall(tasks, 0))
                .hasToString("tasks-0 offset 0: task tasks-0-0 (type work, key a, attempt 1) for 3 s, running");
    }

    @Test
    void itSaysWhatTheTaskWaitsFor() {
        List<Task> tasks = bench.feed(
                partition,
                TaskRecord.at(0).key("a"),
                TaskRecord.at(1).key("a"),
                TaskRecord.at(2).key("b"),
                TaskRecord.at(3).key("c"));

        assertThat(tasks)
                .extracting(
                        task -> bench.dispatcher.stalls(List.of(task)).get(0).state())
                .containsExactly(TaskState.RUNNING, TaskState.WAITING, TaskState.RUNNING, TaskState.PERMIT);
    }

    @Test
    void itSaysWhenItBacksOffOrSettles() {
        List<Task> tasks = bench.feed(partition, TaskRecord.at(0), TaskRecord.at(1));
        bench.sink.hold();
        bench.fail(0, new IllegalStateException());
        bench.succeed(1);

        assertThat(stall(tasks, 0).state()).isEqualTo(TaskState.BACKING_OFF);
        assertThat(stall(tasks, 1).state()).isEqualTo(TaskState.SETTLING);
    }

    @Test
    void aTaskThatHoldsUpItsHandoverIsStuck() {
        Bench deaf = new Bench(
                new Limits(2, 1),
                TestSettings.type(2),
                attempt -> Promise.promise().future());
        OwnedPartition its = deaf.partition(0);
        List<Task> tasks = deaf.feed(its, TaskRecord.at(0));
        deaf.revoke(its);

        deaf.advance(TestSettings.HANDOVER_TIMEOUT.plus(TestSettings.STOP_GRACE));

        assertThat(deaf.dispatcher.stalls(tasks)).extracting(Stall::state).containsExactly(TaskState.STUCK);
    }

    @Test
    void whatIsSettledOrNotTakenYetHoldsUpNothing() {
        List<Task> tasks = bench.feed(partition, TaskRecord.at(0));
        bench.succeed(0);
        List<Task> fresh = bench.handOver(partition, TaskRecord.at(1));

        assertThat(bench.dispatcher.stalls(tasks)).isEmpty();
        assertThat(bench.dispatcher.stalls(fresh)).isEmpty();
    }

    @Test
    void aConsumerIsNotLiveWithMoreStuckThanTheSettingsAllow() {
        Bench stuck = new Bench(new Limits(10, 10, 1));
        stuck.feed(stuck.partition(0), TaskRecord.at(0));
        stuck.advance(TestSettings.TIMEOUT.plus(TestSettings.STOP_GRACE));
        assertThat(stuck.status().live()).isTrue();

        stuck.feed(stuck.partition(1), TaskRecord.at(1, 0));
        stuck.advance(TestSettings.TIMEOUT.plus(TestSettings.STOP_GRACE));

        assertThat(stuck.status().live()).isFalse();
    }

    @Test
    void aPausedTaskWaits() {
        bench.loop.on(() -> bench.dispatcher.pause(Set.of(TestSettings.TYPE)));
        List<Task> tasks = bench.feed(partition, TaskRecord.at(0));

        assertThat(stall(tasks, 0).state()).isEqualTo(TaskState.PERMIT);
    }

    @Test
    void theOldestIsNamedFirstAndLoggedWhenItIsOldEnough() {
        PollBench polled = new PollBench();
        polled.assign(0, 1);
        polled.source.write(
                TaskRecord.at(0, 0).notBefore(polled.bench.loop.now().plusSeconds(10)));
        polled.turns();
        polled.source.write(TaskRecord.at(1, 0));
        polled.turns();
        StallWatch watch =
                new StallWatch(polled.bench.dispatcher, polled.pollLoop, polled.bench.loop, Duration.ofSeconds(2));
        assertThat(watch.now()).extracting(stall -> stall.task().id()).containsExactly("tasks-0-0", "tasks-1-0");

        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(StallWatch.class);
        logger.addAppender(log);
        logger.setAdditive(false);
        logger.setLevel(Level.WARN);
        try {
            watch.start();
            polled.bench.advance(Duration.ofSeconds(1));
            assertThat(log.list).isEmpty();
            polled.bench.advance(Duration.ofSeconds(2));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
            logger.setAdditive(true);
        }

        assertThat(log.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .contains("more than 2 s", "task tasks-0-0 (type work, no key, attempt 0)", "backing off"));
    }
}
