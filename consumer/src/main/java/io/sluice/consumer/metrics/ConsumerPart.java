package io.sluice.consumer.metrics;

import io.micrometer.core.instrument.Timer;
import io.sluice.consumer.engine.Loop;
import io.sluice.consumer.engine.Measured;
import io.sluice.consumer.engine.Timings;
import io.sluice.kafka.ClientMetrics;
import io.sluice.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One consumer's part in the {@link ConsumerMetrics}. Loop thread, but for what {@link Timings} says otherwise. */
public final class ConsumerPart implements Timings {
    private static final Logger log = LoggerFactory.getLogger(ConsumerPart.class);
    private static final Duration APART = Duration.ofSeconds(1);

    private final ConsumerMetrics whole;
    private final Settings settings;
    private final ClientMetrics consumer;
    private final ClientMetrics producer;
    private final Map<Series, Double> told = new HashMap<>();
    private volatile Map<Series, Double> levels = Map.of();
    private volatile boolean closed;

    ConsumerPart(ConsumerMetrics whole, Settings settings, ClientMetrics consumer, ClientMetrics producer) {
        this.whole = whole;
        this.settings = settings;
        this.consumer = consumer;
        this.producer = producer;
    }

    /** Looks now and every second, until it is closed. */
    public void follow(Loop loop, Supplier<Measured> measured) {
        if (closed) {
            return;
        }
        try {
            look(measured.get(), loop.now().toEpochMilli());
        } catch (RuntimeException e) {
            log.warn("This consumer could not be measured: {}", e.toString());
        }
        loop.after(APART, () -> follow(loop, measured));
    }

    private void look(Measured measured, long nowMillis) {
        levels = Readings.levels(measured, settings, nowMillis);
        Map<Series, Double> done = new HashMap<>();
        Readings.totals(measured).forEach((series, total) -> done.put(series, total - told.getOrDefault(series, 0.0)));
        done.forEach((series, more) -> told.merge(series, more, Double::sum));
        whole.add(this, done);
        for (String type : measured.status().types().keySet()) {
            // There from the first scrape on: what is missing cannot be told from what is zero.
            run(type, 0, false);
            queue(type, 0, false);
        }
    }

    Map<Series, Double> levels() {
        return levels;
    }

    /** Measures the client, instead of the one before it. Any thread. */
    public void opened(Consumer<?, ?> client) {
        consumer.watch(client);
    }

    /** Measures the client, instead of the one before it. Any thread. */
    public void opened(Producer<?, ?> client) {
        producer.watch(client);
    }

    /** Takes all that is its own out. */
    public void close(Measured last, long nowMillis) {
        try {
            look(last, nowMillis);
        } finally {
            closed = true;
            consumer.close();
            producer.close();
            whole.leave(this);
        }
    }

    @Override
    public void queued(String type, long nanos) {
        queue(type, nanos, true);
    }

    private void queue(String type, long nanos, boolean record) {
        time(Series.of("sluice.task.queue", "type", type), nanos, true, record);
    }

    @Override
    public void ran(String type, long nanos) {
        run(type, nanos, true);
    }

    private void run(String type, long nanos, boolean record) {
        time(Series.of("sluice.attempt.run", "type", type), nanos, true, record);
    }

    @Override
    public void committed(long nanos) {
        time(Series.of("sluice.commit"), nanos, false, true);
    }

    @Override
    public void handedOver(long nanos) {
        time(Series.of("sluice.handover"), nanos, false, true);
    }

    @Override
    public void polled(long nanos) {
        time(Series.of("sluice.poll.gap"), nanos, false, true);
    }

    /** A stuck attempt may end when its consumer has been gone for long. */
    private void time(Series series, long nanos, boolean buckets, boolean record) {
        if (!closed) {
            Meters meters = whole.meters();
            Timer timer = buckets ? meters.histogram(series) : meters.timer(series);
            if (record) {
                timer.record(nanos, TimeUnit.NANOSECONDS);
            }
        }
    }
}
