package io.sluice.consumer.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.kafka.ClientMetrics;
import io.sluice.settings.Settings;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The meters of all consumers of a process, summed up: hand it to each of them. They are there while any of the consumers
 * runs; what one has done stays counted until the last one has stopped. A scrape reads what was there a second ago, and waits
 * for nobody. Any thread.
 */
public final class ConsumerMetrics {
    private final MeterRegistry registry;
    private final Meters meters;
    private final Set<ConsumerPart> parts = new LinkedHashSet<>();

    public ConsumerMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.meters = new Meters(registry);
    }

    /** Takes a consumer in, until its part is closed. */
    public synchronized ConsumerPart join(Settings settings) {
        ConsumerPart part = new ConsumerPart(this, settings, new ClientMetrics(registry), new ClientMetrics(registry));
        parts.add(part);
        return part;
    }

    Meters meters() {
        return meters;
    }

    /** Adds what has been done since, and shows what is so now. */
    synchronized void add(ConsumerPart part, Map<Series, Double> done) {
        if (parts.contains(part)) {
            done.forEach((series, more) -> meters.counter(series).increment(more));
            show();
        }
    }

    synchronized void leave(ConsumerPart part) {
        if (!parts.remove(part)) {
            return;
        }
        if (parts.isEmpty()) {
            meters.removeAll();
        } else {
            show();
        }
    }

    private void show() {
        Map<Series, Double> sums = new LinkedHashMap<>();
        for (ConsumerPart part : parts) {
            part.levels()
                    .forEach((series, level) ->
                            sums.merge(series, level, series.unit().equals("seconds") ? Math::max : Double::sum));
        }
        meters.show(sums);
    }
}
