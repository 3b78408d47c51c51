package io.sluice.standalone.bench.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobTest {
    @ParameterizedTest
    @EnumSource(Job.Kind.class)
    void aProcessReadsWhatItWasTold(Job.Kind kind) {
        Job job = job(kind);

        assertThat(Job.parse(job.toArguments().toArray(String[]::new))).isEqualTo(job);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bootstrap",
                "topic",
                "group",
                "kind",
                "work",
                "slow-every",
                "slow",
                "in-flight",
                "commit-interval",
                "results",
                "witness"
            })
    void whatIsMissingIsNamed(String name) {
        List<String> rest = job(Job.Kind.NOOP).toArguments().stream()
                .filter(argument -> !argument.startsWith(name + "="))
                .toList();

        assertThat(rest).hasSize(10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Job.parse(rest.toArray(String[]::new)))
                .withMessage(name + "=… is missing");
    }

    @Test
    void whatIsNoNumberIsNamed() {
        String[] arguments = job(Job.Kind.NOOP).toArguments().stream()
                .map(argument -> argument.startsWith("in-flight=") ? "in-flight=many" : argument)
                .toArray(String[]::new);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Job.parse(arguments))
                .withMessage("in-flight=many is no number");
    }

    @Test
    void oneOfSoManyIsSlow() {
        Job.Work work = new Job.Work(Duration.ofMillis(10), 1_000, Duration.ofSeconds(1));

        assertThat(IntStream.range(0, 5_000).filter(work::isSlow)).hasSize(5);
        assertThat(IntStream.range(0, 1_000).mapToLong(work::millisOf).sum()).isEqualTo(999 * 10 + 1_000);
    }

    @Test
    void noneIsSlowUnlessSomeAre() {
        Job.Work work = new Job.Work(Duration.ofMillis(10), 0, Duration.ofSeconds(1));

        assertThat(IntStream.range(0, 5_000).mapToLong(work::millisOf).distinct())
                .containsExactly(10L);
    }

    private static Job job(Job.Kind kind) {
        return new Job(
                new Job.Feed("one:9092,two:9092", "bench-a=b", "workers"),
                kind,
                new Job.Work(Duration.ofMillis(10), 1_000, Duration.ofSeconds(1)),
                500,
                Duration.ofMillis(100),
                kind == Job.Kind.SLEEP,
                Path.of("/tmp/a folder/witness"));
    }
}
