package io.sluice.consumer.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The meters that were registered, so that they can be removed again. Any thread, but for the levels: one at a time. */
final class Meters {
    /** From a no-op to what takes minutes. */
    private static final Duration[] BUCKETS = Stream.of(
                    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final class Level {
        volatile double value;
    }

    private record Registered(Level level, Meter meter) {}

    private final MeterRegistry registry;
    private final Map<Series, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Series, Registered> levels = new ConcurrentHashMap<>();

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    Counter counter(Series series) {
        return counters.computeIfAbsent(
                series,
                added -> Counter.builder(added.name()).tags(added.labels()).register(registry));
    }

    Timer timer(Series series) {
        return timers.computeIfAbsent(
                series,
                added -> Timer.builder(added.name()).tags(added.labels()).register(registry));
    }

    /** With buckets, of which quantiles can be made. */
    Timer histogram(Series series) {
        return timers.computeIfAbsent(
                series,
                added -> Timer.builder(added.name())
                        .tags(added.labels())
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry));
    }

    /** Shows these and no others. */
    void show(Map<Series, Double> now) {
        now.forEach((series, value) -> levels.computeIfAbsent(series, this::level).level.value = value);
        Iterator<Map.Entry<Series, Registered>> all = levels.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Series, Registered> each = all.next();
            if (!now.containsKey(each.getKey())) {
                registry.remove(each.getValue().meter);
                all.remove();
            }
        }
    }

    private Registered level(Series series) {
        Level level = new Level();
        Gauge gauge = Gauge.builder(series.name(), () -> level.value)
                .baseUnit(series.unit().isEmpty() ? null : series.unit())
                .tags(series.labels())
                .register(registry);
        return new Registered(level, gauge);
    }

    void removeAll() {
        show(Map.of());
        counters.values().forEach(registry::remove);
        counters.clear();
        timers.values().forEach(registry::remove);
        timers.clear();
    }
}
