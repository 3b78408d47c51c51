package io.sluice.producer.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.producer.client.Measuring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the producers of a process measure, all together: give one of these to all verticles that share a registry. Its meters
 * are in the registry from the first of them to the last. Safe for threads.
 */
public final class ProducerMetrics implements Measuring {
    /** An acknowledgement takes milliseconds from a broker near by, and two minutes at most. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2)
    };

    /** One of the producers, from any thread. */
    public interface Measured {
        /** How many tasks wait for the broker. */
        int bufferedTasks();

        /** What these hold of memory. */
        long bufferedBytes();

        /** How many tasks it remembers. */
        int indexTasks();
    }

    private final @Nullable MeterRegistry registry;
    private final Map<Source, Outcomes> outcomes = new EnumMap<>(Source.class);
    private final List<Measured> producers = new CopyOnWriteArrayList<>();
    private final List<Meter> meters = new ArrayList<>();
    private volatile @Nullable Timer acknowledge;

    private ProducerMetrics(@Nullable MeterRegistry registry) {
        this.registry = registry;
        for (Source source : Source.values()) {
            outcomes.put(source, new Outcomes());
        }
    }

    /** @param registry where they go; null for nowhere */
    public static ProducerMetrics in(@Nullable MeterRegistry registry) {
        return new ProducerMetrics(registry);
    }

    /** Measures this one, too. */
    public synchronized void add(Measured producer) {
        if (registry != null && producers.isEmpty()) {
            register(registry);
        }
        producers.add(producer);
    }

    /** Measures it no more. */
    public synchronized void remove(Measured producer) {
        if (producers.remove(producer) && registry != null && producers.isEmpty()) {
            acknowledge = null;
            meters.forEach(registry::remove);
            meters.clear();
        }
    }

    private void register(MeterRegistry registry) {
        outcomes.forEach((source, counts) -> {
            count(registry, source, "accepted", counts, Outcomes::accepted);
            count(registry, source, "refused", counts, Outcomes::refused);
            count(registry, source, "failed", counts, Outcomes::failed);
        });
        gauge(registry, "buffered.tasks", "Tasks that wait for the broker's acknowledgement", Measured::bufferedTasks);
        gauge(registry, "buffered.bytes", "Memory that these tasks hold", Measured::bufferedBytes);
        gauge(registry, "index.tasks", "Recent tasks that are remembered", Measured::indexTasks);
        Timer timer = Timer.builder("sluice.producer.acknowledge")
                .description("From a task's being taken to the broker's acknowledgement")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        meters.add(timer);
        acknowledge = timer;
    }

    private void count(
            MeterRegistry registry, Source source, String outcome, Outcomes counts, ToDoubleFunction<Outcomes> value) {
        meters.add(FunctionCounter.builder("sluice.producer.tasks", counts, value)
                .description("Tasks that came in")
                .tags("source", source.name().toLowerCase(Locale.ROOT), "outcome", outcome)
                .register(registry));
    }

    private void gauge(MeterRegistry registry, String name, String what, ToDoubleFunction<Measured> value) {
        meters.add(Gauge.builder(
                        "sluice.producer." + name,
                        producers,
                        all -> all.stream().mapToDouble(value).sum())
                .description(what)
                .register(registry));
    }

    /** Of the tasks that come in on this way. */
    public Outcomes outcomes(Source source) {
        return outcomes.computeIfAbsent(source, unknown -> new Outcomes());
    }

    @Override
    public void acknowledged(long nanos) {
        Timer timer = acknowledge;
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public @Nullable MeterRegistry registry() {
        return registry;
    }
}
