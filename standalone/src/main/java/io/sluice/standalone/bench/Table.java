package io.sluice.standalone.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Figures for people. */
final class Table {
    private static final List<String> HEAD = List.of(
            "workload",
            "consumers",
            "tasks",
            "seconds",
            "tasks/s",
            "of ideal",
            "CPU s/100k",
            "heap MB",
            "most at once",
            "repeats",
            "lost",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms");

    private Table() {}

    static String of(List<Figures> all) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        all.forEach(figures -> rows.add(row(figures)));
        int[] widths = IntStream.range(0, HEAD.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(column ->
                                column == 0 ? left(row.get(0), widths[0]) : right(row.get(column), widths[column]))
                        .collect(Collectors.joining("  ")))
                .collect(Collectors.joining(System.lineSeparator(), "", System.lineSeparator()));
    }

    private static List<String> row(Figures figures) {
        Figures.Speed speed = figures.speed();
        Figures.Latency latency = figures.latency();
        return List.of(
                figures.workload(),
                Integer.toString(speed.consumers()),
                Integer.toString(speed.tasks()),
                number(speed.seconds(), 2),
                number(speed.rate(), 0),
                number(speed.idealShare(), 3),
                number(figures.cost().cpuSecondsPer100k(), 2),
                number(figures.cost().peakHeapMegabytes(), 0),
                Long.toString(figures.runs().mostInFlight()),
                Long.toString(figures.runs().repeats()),
                Long.toString(figures.runs().lost()),
                number(latency == null ? null : latency.p50(), 1),
                number(latency == null ? null : latency.p99(), 1),
                number(latency == null ? null : latency.p999(), 1),
                number(latency == null ? null : latency.max(), 1));
    }

    private static String number(@Nullable Double value, int digits) {
        return value == null ? "–" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private static String left(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String right(String text, int width) {
        return " ".repeat(width - text.length()) + text;
    }
}
