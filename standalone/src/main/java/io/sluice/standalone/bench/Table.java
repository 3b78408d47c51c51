package io.sluice.standalone.bench;

import java.util.ArrayList;
import java.util.List;

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
        return Columns.of(rows);
    }

    private static List<String> row(Figures figures) {
        Figures.Speed speed = figures.speed();
        Figures.Latency latency = figures.latency();
        return List.of(
                figures.workload(),
                Integer.toString(speed.consumers()),
                Integer.toString(speed.tasks()),
                Columns.number(speed.seconds(), 2),
                Columns.number(speed.rate(), 0),
                Columns.number(speed.idealShare(), 3),
                Columns.number(figures.cost().cpuSecondsPer100k(), 2),
                Columns.number(figures.cost().peakHeapMegabytes(), 0),
                Long.toString(figures.runs().mostInFlight()),
                Long.toString(figures.runs().repeats()),
                Long.toString(figures.runs().lost()),
                Columns.number(latency == null ? null : latency.p50(), 1),
                Columns.number(latency == null ? null : latency.p99(), 1),
                Columns.number(latency == null ? null : latency.p999(), 1),
                Columns.number(latency == null ? null : latency.max(), 1));
    }
}
