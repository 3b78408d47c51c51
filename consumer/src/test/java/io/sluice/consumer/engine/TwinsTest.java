package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A partition number is owned while the client has it of every topic, and not a moment longer. */
class TwinsTest {
    private static final TopicPartition OVERFLOW = PollBench.id(PollBench.TOPICS.overflow(), 0);

    private final PollBench bench = new PollBench();
    private final FakeSource source = bench.source;

    private Set<TopicPartition> allBut(TopicPartition missing) {
        Set<TopicPartition> rest = new HashSet<>(source.ids(0));
        rest.remove(missing);
        return rest;
    }

    @Test
    void tasksOfEveryTopicRun() {
        source.write(TaskRecord.at(0));
        source.write(TaskRecord.at(0).topic(OVERFLOW.topic()));

        bench.assign(0);

        assertThat(bench.started()).containsExactlyInAnyOrder("tasks-0-0", "tasks.overflow-0-0");
        assertThat(bench.pollLoop.status().partitions()).isEqualTo(1);
    }

    @Test
    void eachTopicIsCommittedByItself() {
        source.write(TaskRecord.at(0), TaskRecord.at(1));
        source.write(TaskRecord.at(0).topic(OVERFLOW.topic()));
        bench.assign(0);

        bench.bench.loop.on(() -> bench.bench.body.run("tasks.overflow-0-0").succeed("done"));
        bench.turns();

        assertThat(bench.calls("commitAsync")).containsExactly("commitAsync {tasks.overflow-0=1}");
    }

    @Test
    void withoutATwinNothingOfTheNumberRuns() {
        source.write(TaskRecord.at(0));
        source.assign(allBut(OVERFLOW));

        bench.turns();

        assertThat(bench.started()).isEmpty();
        assertThat(bench.pollLoop.status().partitions()).isZero();
        assertThat(allBut(OVERFLOW)).allMatch(source::isPaused);
        assertThat(bench.calls("pause")).as("once is enough").hasSize(1);
    }

    @Test
    void whenTheMissingTwinComesTheNumberRuns() {
        source.write(TaskRecord.at(0), TaskRecord.at(1));
        source.committed(0, 1);
        source.assign(allBut(OVERFLOW));
        bench.turns();

        source.assign(Set.of(OVERFLOW));
        bench.turns();

        assertThat(bench.started()).containsExactly("tasks-0-1");
        assertThat(bench.pollLoop.status().partitions()).isEqualTo(1);
        assertThat(source.ids(0)).noneMatch(source::isPaused);
    }

    @Test
    void aLookUpThatFailsBetweenTwoNumbersLeavesNeitherPaused() {
        Set<TopicPartition> missing = Set.of(OVERFLOW, PollBench.id(OVERFLOW.topic(), 1));
        Set<TopicPartition> rest = new HashSet<>(source.ids(0, 1));
        rest.removeAll(missing);
        source.assign(rest);
        bench.turns();

        source.failPartitions(2);
        source.assign(missing);
        bench.turns();

        assertThat(bench.pollLoop.status().partitions()).isEqualTo(2);
        assertThat(source.ids(0, 1)).noneMatch(source::isPaused);
    }

    @Test
    void aTwinThatIsRevokedTakesTheNumberWithIt() {
        source.write(TaskRecord.at(0));
        bench.assign(0);
        bench.succeed(0);
        source.revoke(Set.of(OVERFLOW));
        bench.turn();
        source.write(TaskRecord.at(1));

        bench.turns();

        assertThat(bench.pollLoop.status().partitions()).isZero();
        assertThat(bench.committed().offset()).as("of the twins that stay, too").isEqualTo(1);
        assertThat(bench.started()).doesNotContain("tasks-0-1");
        assertThat(allBut(OVERFLOW)).allMatch(source::isPaused);
    }

    @Test
    void aRevokedTwinThatComesBackBringsTheNumberBack() {
        source.write(TaskRecord.at(0), TaskRecord.at(1));
        bench.assign(0);
        bench.succeed(0, 1);
        source.revoke(Set.of(OVERFLOW));
        bench.turns();
        source.write(TaskRecord.at(2));

        source.assign(Set.of(OVERFLOW));
        bench.turns();

        assertThat(bench.started()).containsExactly("tasks-0-0", "tasks-0-1", "tasks-0-2");
        assertThat(source.ids(0)).noneMatch(source::isPaused);
    }

    @Test
    void aTwinThatIsLostLosesTheNumber() {
        source.write(TaskRecord.at(0));
        bench.assign(0);

        source.lose(Set.of(OVERFLOW));
        bench.turns();

        assertThat(bench.pollLoop.status().partitions()).isZero();
        assertThat(bench.bench.body.run(0).attempt().cancelled().isComplete()).isTrue();
    }

    @Test
    void aTwinThatGoesWithoutACallbackLosesTheNumber() {
        source.write(TaskRecord.at(0));
        bench.assign(0);

        source.loseSilently(Set.of(OVERFLOW));
        bench.turns();

        assertThat(bench.pollLoop.status().partitions()).isZero();
        assertThat(allBut(OVERFLOW)).allMatch(source::isPaused);
    }

    @Test
    void otherNumbersAreNotTouched() {
        source.write(TaskRecord.at(0, 0));
        source.write(TaskRecord.at(1, 0));
        bench.assign(0, 1);

        source.lose(Set.of(OVERFLOW));
        bench.turns();

        assertThat(bench.pollLoop.status().partitions()).isEqualTo(1);
        assertThat(bench.bench.body.run(1, 0).attempt().cancelled().isComplete())
                .isFalse();
    }

    @Test
    void ownersKnowHowManyPartitionsThereWere() {
        source.partitions(7);
        source.write(TaskRecord.at(0));
        bench.assign(0);
        bench.turns();

        assertThat(bench.pollLoop.oldest())
                .extracting(task -> task.partition.of)
                .containsExactly(7);
    }

    @Test
    void theOldestUnsettledTaskOfEachTopicPartitionIsKnown() {
        source.write(TaskRecord.at(0, 0), TaskRecord.at(0, 1), TaskRecord.at(1, 0));
        source.write(TaskRecord.at(0).topic(OVERFLOW.topic()));
        source.write(TaskRecord.at(0).topic(PollBench.TIER).writtenAt(bench.bench.loop.now()));
        bench.assign(0, 1);
        bench.bench.loop.on(() -> bench.bench.body.run("tasks-0-0").succeed("done"));
        bench.turns();

        assertThat(oldest()).containsExactlyInAnyOrder("tasks-0-1", "tasks-1-0", "tasks.overflow-0-0");

        bench.pass(Duration.ofSeconds(11));
        assertThat(oldest()).as("it has rested").contains(PollBench.TIER + "-0-0");
    }

    private List<String> oldest() {
        List<String> names = new ArrayList<>();
        bench.pollLoop
                .oldest()
                .forEach(task ->
                        names.add(task.record.topic() + "-" + task.record.partition() + "-" + task.record.offset()));
        return names;
    }
}
