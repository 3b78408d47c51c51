package io.sluice.standalone.bench;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.standalone.bench.subject.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of witnesses that are made by hand. */
class TallyTest {
    /** Of a histogram with three digits. */
    private static final Offset<Double> ROUNDED = within(0.1);

    private static final Duration DUE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void theRateIsOfTheMeasuredTasksAndTheirTime() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 150)
                .measured(ofMillis(700), ofMillis(950))
                .cpu(ofMillis(2_000), ofMillis(2_050))
                .mostInFlight(5);
        seen.witness().peakHeap(64 << 20);

        Figures figures = tally(seen, Workload.ASYNC, 50, 0).figures("some", 1);

        assertThat(figures.consumer()).isEqualTo("some");
        assertThat(figures.speed().tasks()).isEqualTo(100);
        assertThat(figures.speed().seconds()).isEqualTo(0.25);
        assertThat(figures.speed().rate()).isEqualTo(400);
        // 100 tasks of 10 ms, 5 at once, take 0.2 s.
        assertThat(figures.speed().idealShare()).isCloseTo(0.8, within(1e-9));
        assertThat(figures.cost().cpuSecondsPer100k()).isCloseTo(50.0, within(1e-9));
        assertThat(figures.cost().peakHeapMegabytes()).isEqualTo(64);
        assertThat(figures.runs().mostInFlight()).isEqualTo(5);
        assertThat(figures.latency()).isNull();
    }

    @Test
    void bodiesThatTakeNoTimeHaveNoIdeal() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 10).measured(ofMillis(1), ofMillis(2));

        assertThat(tally(seen, Workload.NOOP, 0, 0).figures("some", 1).speed().idealShare())
                .isNull();
    }

    @Test
    void severalConsumersHaveTheIdealOfAllTheirPermitsAndNoProcessorTime() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 60);
        runAll(seen, 0, ofMillis(5), ofMillis(15));
        // 40 tasks of 10 ms, 4 times 5 at once: 20 ms.
        for (int task = 20; task < 60; task++) {
            seen.ran(task, ofMillis(100 + task - 20), ofMillis(125 + (task - 20) / 3));
        }

        Figures figures = tally(seen, Workload.FANOUT, 20, 0).figures("some", 4);

        assertThat(figures.speed().seconds()).isCloseTo(0.038, within(1e-9));
        assertThat(figures.speed().idealShare()).isCloseTo(0.02 / 0.038, within(1e-9));
        assertThat(figures.cost().cpuSecondsPer100k()).isNull();
    }

    @Test
    void aStallOfTheLoadDoesNotHide() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 1_000);
        for (int task = 0; task < 1_000; task++) {
            Duration due = DUE.plusMillis(task);
            // From the 900th on nothing is written for a second; then all starts at once, each just after it was
            // written.
            Duration start = task < 900 ? due.plusMillis(1) : DUE.plusMillis(1_900);
            seen.ran(task, start, start);
        }

        Figures.Latency latency = latency(tally(seen, Workload.LATENCY, 0, 1_000));

        assertThat(latency.p50()).isCloseTo(1, ROUNDED);
        assertThat(latency.max()).isCloseTo(1_000, within(1.0));
        assertThat(latency.p99()).isCloseTo(991, within(1.5));
    }

    @Test
    void theRateOfPacedTasksIsFromWhenTheFirstWasDue() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 10);
        runAll(seen, 0, DUE.plusMillis(400), DUE.plusMillis(500));

        Figures figures = tally(seen, Workload.LATENCY, 0, 1_000).figures("some", 1);

        assertThat(figures.speed().seconds()).isEqualTo(0.5);
        assertThat(figures.speed().rate()).isEqualTo(20);
        assertThat(figures.speed().idealShare()).isNull();
    }

    @Test
    void theWarmUpIsInNoFigureButTheCounts() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 20);
        for (int task = 10; task < 20; task++) {
            Duration start = DUE.plusMillis(task - 10 + 2);
            seen.ran(task, start, start);
        }
        for (int task = 0; task < 9; task++) {
            seen.ran(task, DUE.minusSeconds(5), DUE.plusSeconds(5));
        }

        Figures figures = tally(seen, Workload.LATENCY, 10, 1_000).figures("some", 1);

        assertThat(Objects.requireNonNull(figures.latency()).max()).isCloseTo(2, ROUNDED);
        assertThat(figures.speed().seconds()).isCloseTo(0.011, within(1e-9));
        assertThat(figures.runs().lost()).isEqualTo(1);
    }

    @Test
    void skewIsAboutTheEndsOfTasksThatAreNotSlow() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 2_000);
        for (int task = 0; task < 2_000; task++) {
            Duration due = DUE.plusMillis(task);
            boolean slow = task == 500 || task == 1_500;
            seen.ran(task, due.plusMillis(1), due.plusMillis(slow ? 1_001 : 12));
        }

        Figures.Latency latency = latency(tally(seen, Workload.SKEW, 0, 1_000));

        assertThat(latency.max()).isCloseTo(12, ROUNDED);
    }

    @Test
    void whatRanTwiceAndWhatNeverEndedIsCounted() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 10).measured(ofMillis(1), ofMillis(2));
        runAll(seen, 0, ofMillis(1), ofMillis(2));
        seen.counted(3, 2, 2).counted(4, 4, 3).counted(5, 1, 0).counted(6, 0, 0);
        Tally tally = tally(seen, Workload.BLOCKING, 4, 0);

        Figures figures = tally.figures("some", 1);

        assertThat(figures.runs().repeats()).isEqualTo(1 + 3);
        assertThat(figures.runs().lost()).isEqualTo(2);
        assertThat(figures.isAsItShould(tally.plan())).isFalse();
    }

    @Test
    void afterACrashATaskMayRunAgainAndMayNotBeLost() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 3);
        runAll(seen, 0, ofMillis(100), ofMillis(600));
        seen.counted(1, 2, 2);
        Tally tally = tally(seen, Workload.CRASH, 0, 0);

        Figures repeated = tally.figures("some", 1);
        assertThat(repeated.runs().repeats()).isEqualTo(1);
        assertThat(repeated.runs().lost()).isZero();
        assertThat(repeated.isAsItShould(tally.plan())).isTrue();

        seen.ran(2, Duration.ZERO, Duration.ZERO).counted(2, 0, 0);
        Figures lost = tally.figures("some", 1);
        assertThat(lost.runs().lost()).isEqualTo(1);
        assertThat(lost.isAsItShould(tally.plan())).isFalse();
        assertThat(lost.speed().seconds()).as("of what has ended").isEqualTo(0.5);
    }

    @Test
    void moreAtOnceThanAllowedIsNotAsItShould() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 10).measured(ofMillis(1), ofMillis(2));
        runAll(seen, 0, ofMillis(1), ofMillis(2));
        Tally tally = tally(seen, Workload.BLOCKING, 0, 0);

        seen.mostInFlight(5);
        assertThat(tally.figures("some", 1).isAsItShould(tally.plan())).isTrue();
        seen.mostInFlight(6);
        assertThat(tally.figures("some", 1).isAsItShould(tally.plan())).isFalse();
        assertThat(tally.figures("some", 2).isAsItShould(tally.plan())).isTrue();
    }

    @Test
    void ofAFloodWhatRunsAfterTheMeasurementIsCountedToo() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 20);
        runAll(seen, 0, DUE.plusMillis(50), DUE.plusMillis(60));
        Tally tally = tally(seen, Workload.FLOOD, 10, 1_000);
        assertThat(tally.figures("some", 1).isAsItShould(tally.plan())).isTrue();

        seen.counted(1, 1, 0).counted(2, 2, 2);
        Figures figures = tally.figures("some", 1);

        assertThat(figures.runs().lost()).isEqualTo(1);
        assertThat(figures.runs().repeats()).isEqualTo(1);
        assertThat(figures.isAsItShould(tally.plan())).isFalse();
    }

    @Test
    void aCrashMayRepeatWhatRanAndWhatHadEndedSinceTheLastCommit() throws Exception {
        SeenByHand seen = SeenByHand.in(folder, 120);
        runAll(seen, 0, ofMillis(100), ofMillis(600));
        for (int task = 0; task < 105; task++) {
            seen.counted(task, 2, 2);
        }
        Tally tally = tally(seen, Workload.CRASH, 0, 0);

        // 5 at once, of 10 ms each: 100 in the 100 ms between two commits and the 100 ms that one may take.
        assertThat(tally.figures("some", 1).runs().repeats()).isEqualTo(105);
        assertThat(tally.figures("some", 1).isAsItShould(tally.plan())).isTrue();

        seen.counted(105, 2, 2);
        assertThat(tally.figures("some", 1).isAsItShould(tally.plan())).isFalse();
    }

    /** Bodies of 10 ms, 5 at once; of skew one in 1000 takes a second. */
    private static Tally tally(SeenByHand seen, Workload workload, int before, int rate) {
        Plan usual = workload.plan();
        Job.Work work = usual.work();
        int measured = seen.witness().tasks() - before;
        Plan plan = new Plan(
                workload,
                new Job.Work(work.usual().isZero() ? Duration.ZERO : ofMillis(10), work.slowEvery(), work.slow()),
                new Plan.Volume(measured, before, rate),
                usual.form(),
                5,
                usual.promises());
        return new Tally(plan, seen.witness(), rate > 0 ? DUE.toNanos() : 0, before);
    }

    private static Figures.Latency latency(Tally tally) {
        return Objects.requireNonNull(tally.figures("some", 1).latency());
    }

    private static void runAll(SeenByHand seen, int from, Duration start, Duration end) throws Exception {
        for (int task = from; task < seen.witness().tasks(); task++) {
            seen.ran(task, start, end);
        }
    }
}
