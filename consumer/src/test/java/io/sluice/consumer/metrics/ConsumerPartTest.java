package io.sluice.consumer.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.settings.Settings;
import org.junit.jupiter.api.Test;

class ConsumerPartTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ConsumerMetrics metrics = new ConsumerMetrics(registry);
    private final ConsumerPart part = metrics.join(Settings.defaults());

    private long runs() {
        return registry.get("sluice.attempt.run").tag("type", "fetch").timer().count();
    }

    @Test
    void whatCannotBeMeasuredAtTheEndLeavesNothingBehindAndThrowsNothing() {
        part.queued("fetch", 1);
        assertThat(registry.getMeters()).isNotEmpty();

        part.close(
                () -> {
                    throw new IllegalStateException("its loop has gone");
                },
                0);

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aRegistryThatThrowsAtTheEndIsNobodysFault() {
        registry.config().onMeterRemoved(removed -> {
            throw new IllegalStateException("a bug of the registry");
        });

        part.leave();

        ConsumerPart next = metrics.join(Settings.defaults());
        next.ran("fetch", 1);
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void timesOfAllPartsAreOneTimersUntilTheLastOfThemHasLeft() {
        ConsumerPart other = metrics.join(Settings.defaults());
        part.ran("fetch", 1);
        part.ran("fetch", 1);
        other.ran("fetch", 1);
        part.leave();
        part.ran("fetch", 1);
        part.polled(1);
        assertThat(runs()).isEqualTo(3);

        other.leave();
        other.ran("fetch", 1);
        other.committed(1);

        assertThat(registry.getMeters()).isEmpty();
    }
}
