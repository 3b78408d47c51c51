package io.sluice.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A figure of several repetitions. */
record Spread(double least, double median, double most) {
    /** @return empty if none of them has the figure */
    static <T> Optional<Spread> of(List<T> repetitions, Function<T, @Nullable Number> figure) {
        double[] sorted = repetitions.stream()
                .map(figure)
                .filter(Objects::nonNull)
                .mapToDouble(Number::doubleValue)
                .sorted()
                .toArray();
        return sorted.length == 0
                ? Optional.empty()
                : Optional.of(new Spread(
                        sorted[0], median(sorted), Arrays.stream(sorted).max().orElseThrow()));
    }

    /** Of an even number, the mean of the two in the middle. */
    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
