package io.sluice.standalone.bench.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.standalone.CommandProcess;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WitnessTest {
    private static final int TASKS = 200_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noCountIsLostBetweenThreads(boolean timed) throws Exception {
        Witness witness = create(TASKS, timed, 0);

        WitnessingProgram.run(witness);

        assertThat(witness.ended()).isEqualTo(TASKS);
        assertThat(witness.mostInFlight()).isEqualTo(WitnessingProgram.THREADS);
        assertThat(IntStream.range(0, TASKS))
                .allMatch(task -> witness.starts(task) == 1)
                .allMatch(task -> witness.ends(task) == 1);
        assertThat(witness.seconds()).isPositive();
    }

    @Test
    void theCountsOfSeveralProcessesAreOne() throws Exception {
        Witness witness = create(TASKS, true, 0);
        String file = file().toString();

        try (CommandProcess one = start(file);
                CommandProcess other = start(file)) {
            WitnessingProgram.run(witness);
            assertThat(one.exitCode()).as(one::err).isZero();
            assertThat(other.exitCode()).as(other::err).isZero();
        }

        assertThat(witness.ended()).isEqualTo(3 * TASKS);
        assertThat(witness.mostInFlight()).isBetween(4L, 12L);
        assertThat(IntStream.range(0, TASKS))
                .allMatch(task -> witness.starts(task) == 3)
                .allMatch(task -> witness.ends(task) == 3)
                .allMatch(task -> 0 < witness.startNanos(task))
                .allMatch(task -> witness.endNanos(task) <= witness.now());
    }

    @Test
    void whatIsMappedLaterHasAllThatWasSeenBefore() throws Exception {
        Witness witness = create(3, true, 1);
        witness.started(2);
        witness.ended(2);
        witness.started(0);
        witness.peakHeap(70);

        Witness later = Witness.open(file());

        assertThat(later.tasks()).isEqualTo(3);
        assertThat(later.ended()).isEqualTo(1);
        assertThat(later.mostInFlight()).isEqualTo(1);
        assertThat(later.peakHeap()).isEqualTo(70);
        assertThat(later.starts(0)).isEqualTo(1);
        assertThat(later.ends(0)).isZero();
        assertThat(later.endNanos(0)).isZero();
        assertThat(later.startNanos(2)).isEqualTo(witness.startNanos(2)).isPositive();
        later.ended(0);
        assertThat(witness.ends(0)).isEqualTo(1);
    }

    @Test
    void theMostAtOnceIsNotThatOfAKilledProcessAndTheNext() throws Exception {
        Witness witness = create(3, false, 0);
        witness.started(0);
        witness.started(1);

        witness.noneInFlight();
        witness.started(0);
        witness.started(1);

        assertThat(witness.mostInFlight()).isEqualTo(2);
        assertThat(witness.starts(0)).isEqualTo(2);
    }

    @Test
    void whatIsOnlyCountedAnyMoreTakesNoTime() throws Exception {
        Witness witness = create(3, false, 0);
        Job.Work work = new Job.Work(Duration.ofMillis(50), 2, Duration.ofSeconds(1));
        assertThat(witness.millisOf(work, 0)).isEqualTo(50);
        assertThat(witness.millisOf(work, 1)).isEqualTo(1_000);

        witness.hurry();

        assertThat(witness.millisOf(work, 0)).isEqualTo(1);
        assertThat(witness.millisOf(work, 1)).isEqualTo(1);
    }

    @Test
    void theMeasuredTimeBeginsWithTheEndOfTheWarmUp() throws Exception {
        Witness witness = create(3, true, 2);
        run(witness, 0);
        run(witness, 1);
        long warm = witness.now();
        long last = witness.endNanos(1);
        assertThat(witness.seconds()).isZero();

        run(witness, 2);

        double least = (witness.startNanos(2) - warm) / 1e9;
        double most = (witness.now() - last) / 1e9;
        assertThat(witness.seconds()).isBetween(least, most);
        assertThat(witness.cpuSeconds()).isNotNegative();
    }

    @Test
    void withoutAWarmUpItBeginsWithTheFirstStart() throws Exception {
        Witness witness = create(2, true, 0);
        run(witness, 1);
        run(witness, 0);

        double inner = (witness.endNanos(0) - witness.startNanos(1)) / 1e9;
        assertThat(witness.seconds()).isBetween(inner, witness.now() / 1e9);
    }

    @Test
    void aRepeatCountsAndTheFirstTimesStay() throws Exception {
        Witness witness = create(2, true, 0);
        run(witness, 1);
        long start = witness.startNanos(1);
        long end = witness.endNanos(1);

        run(witness, 1);
        witness.started(1);

        assertThat(witness.starts(1)).isEqualTo(3);
        assertThat(witness.ends(1)).isEqualTo(2);
        assertThat(witness.startNanos(1)).isEqualTo(start).isPositive();
        assertThat(witness.endNanos(1)).isEqualTo(end).isGreaterThanOrEqualTo(start);
        assertThat(witness.starts(0)).isZero();
    }

    @Test
    void withoutTimesThereAreNone() throws Exception {
        Witness witness = create(2, false, 0);
        run(witness, 1);

        assertThat(witness.ends(1)).isEqualTo(1);
        assertThat(witness.startNanos(1)).isZero();
        assertThat(witness.endNanos(1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2, Integer.MAX_VALUE})
    void aTaskThatThereIsNotIsRefusedAndCountsNowhere(int task) throws Exception {
        Witness witness = create(2, false, 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> witness.started(task))
                .withMessage("there is no task " + task);
        assertThatIllegalArgumentException().isThrownBy(() -> witness.ended(task));
        assertThatIllegalArgumentException().isThrownBy(() -> witness.starts(task));

        run(witness, 0);
        assertThat(witness.mostInFlight()).isEqualTo(1);
        assertThat(witness.ended()).isEqualTo(1);
    }

    @Test
    void theLargestHeapOfAllProcessesIsKept() throws Exception {
        Witness witness = create(1, false, 0);
        witness.peakHeap(50);
        witness.peakHeap(90);
        witness.peakHeap(60);

        assertThat(witness.peakHeap()).isEqualTo(90);
    }

    @Test
    void aFileThatIsThereIsNotOverwritten() throws Exception {
        Witness unused = create(1, false, 0);

        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> create(1, false, 0));
    }

    private CommandProcess start(String file) throws IOException {
        return CommandProcess.start(folder, Map.of(), WitnessingProgram.class, file);
    }

    private Path file() {
        return folder.resolve("witness");
    }

    private Witness create(int tasks, boolean timed, int warmUp) throws IOException {
        return Witness.create(file(), tasks, timed, warmUp);
    }

    private static void run(Witness witness, int task) {
        witness.started(task);
        witness.ended(task);
    }
}
