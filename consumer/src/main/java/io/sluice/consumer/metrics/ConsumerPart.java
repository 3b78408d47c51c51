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
    private final Map<String, TypeTimers> types = new HashMap<>();
    private final Timer commits;
    private final Timer handovers;
    private final Timer pollGaps;
    private volatile Map<Series, Double> levels = Map.of();
    private volatile boolean closed;

    /** Kept, since to look one up costs more than to record, and each attempt needs both. */
    private record TypeTimers(Timer queue, Timer run) {}

    ConsumerPart(ConsumerMetrics whole, Settings settings, ClientMetrics consumer, ClientMetrics producer) {
        this.whole = whole;
        this.settings = settings;
        this.consumer = consumer;
        this.producer = producer;
        this.commits = whole.meters().timer(Series.of("sluice.commit"));
        this.handovers = whole.meters().timer(Series.of("sluice.handover"));
        this.pollGaps = whole.meters().timer(Series.of("sluice.poll.gap"));
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
        // There from the first scrape on: what is missing cannot be told from what is zero.
        measured.status().types().keySet().forEach(this::timers);
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

    /** Looks for the last time, and leaves. What fails of it is logged: it must not keep a consumer from its end. */
    public void close(Supplier<Measured> last, long nowMillis) {
        fenced(() -> look(last.get(), nowMillis));
        leave();
    }

    /** Takes all that is its own out. */
    public void leave() {
        closed = true;
        fenced(consumer::close);
        fenced(producer::close);
        fenced(() -> whole.leave(this));
    }

    private static void fenced(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            log.warn("What this consumer has measured could not be put away: {}", e.toString());
        }
    }

    private TypeTimers timers(String type) {
        return types.computeIfAbsent(
                type,
                added -> new TypeTimers(
                        whole.meters().histogram(Series.of("sluice.task.queue", "type", added)),
                        whole.meters().histogram(Series.of("sluice.attempt.run", "type", added))));
    }

    @Override
    public void queued(String type, long nanos) {
        if (!closed) {
            timers(type).queue.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** A stuck attempt may end when its consumer has been gone for long. */
    @Override
    public void ran(String type, long nanos) {
        if (!closed) {
            timers(type).run.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void committed(long nanos) {
        commits.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void handedOver(long nanos) {
        handovers.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void polled(long nanos) {
        pollGaps.record(nanos, TimeUnit.NANOSECONDS);
    }
}
