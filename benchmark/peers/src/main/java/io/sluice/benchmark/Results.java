package io.sluice.benchmark;

import io.sluice.standalone.bench.Columns;
import io.sluice.standalone.bench.Figures;
import io.sluice.standalone.bench.Figures.Latency;
import io.sluice.standalone.bench.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All measurements for people: a table for each workload, a line for each contender. */
final class Results {
    private static final List<String> HEAD = List.of(
            "tasks/s",
            "(min–max)",
            "of ideal",
            "CPU s/100k",
            "seconds",
            "p50 ms",
            "p99 ms",
            "at once",
            "repeats",
            "lost",
            "heap MB",
            "sluice/it");

    private Results() {}

    static String of(List<Measurement> all) {
        Map<Workload, List<Measurement>> tables =
                all.stream().collect(Collectors.groupingBy(Measurement::workload, TreeMap::new, Collectors.toList()));
        return tables.entrySet().stream()
                .map(table -> table(table.getKey(), table.getValue()))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String table(Workload workload, List<Measurement> measurements) {
        Map<Contender, List<Figures>> lines = measurements.stream()
                .filter(measurement -> measurement.figures() != null)
                .collect(Collectors.groupingBy(
                        Measurement::contender,
                        TreeMap::new,
                        Collectors.mapping(
                                measurement -> Objects.requireNonNull(measurement.figures()), Collectors.toList())));
        Optional<Spread> sluice = Spread.of(lines.getOrDefault(Contender.SLUICE, List.of()), Results::rate);
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(workload.toString(), HEAD));
        lines.forEach((contender, figures) -> rows.add(row(contender.toString(), cells(figures, sluice))));
        String failures = measurements.stream()
                .filter(measurement -> measurement.failure() != null)
                .map(failed -> failed.contender() + " failed, repetition " + failed.repetition() + ": "
                        + failed.failure() + System.lineSeparator())
                .collect(Collectors.joining());
        return Columns.of(rows) + failures;
    }

    private static List<String> row(String first, List<String> others) {
        List<String> row = new ArrayList<>();
        row.add(first);
        row.addAll(others);
        return row;
    }

    private static List<String> cells(List<Figures> all, Optional<Spread> sluice) {
        Optional<Spread> rate = Spread.of(all, Results::rate);
        Double ratio = rate.flatMap(its -> sluice.map(ours -> ours.median() / its.median()))
                .orElse(null);
        return List.of(
                median(rate, 0),
                rate.map(spread -> Columns.number(spread.least(), 0) + "–" + Columns.number(spread.most(), 0))
                        .orElse("–"),
                median(all, figures -> figures.speed().idealShare(), 3),
                median(all, figures -> figures.cost().cpuSecondsPer100k(), 2),
                median(all, figures -> figures.speed().seconds(), 2),
                median(all, ofLatency(Latency::p50), 1),
                median(all, ofLatency(Latency::p99), 1),
                median(all, figures -> figures.runs().mostInFlight(), 0),
                median(all, figures -> figures.runs().repeats(), 0),
                // One that is lost is lost, however seldom.
                Columns.number(
                        Spread.of(all, figures -> figures.runs().lost())
                                .map(Spread::most)
                                .orElse(null),
                        0),
                median(all, figures -> figures.cost().peakHeapMegabytes(), 0),
                Columns.number(ratio, 2));
    }

    private static Number rate(Figures figures) {
        return figures.speed().rate();
    }

    private static Function<Figures, @Nullable Number> ofLatency(Function<Latency, Double> figure) {
        return figures -> figures.latency() == null ? null : figure.apply(figures.latency());
    }

    private static String median(List<Figures> all, Function<Figures, @Nullable Number> figure, int digits) {
        return median(Spread.of(all, figure), digits);
    }

    private static String median(Optional<Spread> spread, int digits) {
        return Columns.number(spread.map(Spread::median).orElse(null), digits);
    }
}
