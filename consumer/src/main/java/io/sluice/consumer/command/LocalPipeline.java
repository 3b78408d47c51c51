package io.sluice.consumer.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.cli.Waiting;
import io.sluice.consumer.ConsumerVerticle;
import io.sluice.consumer.engine.ConsumerStatus;
import io.sluice.consumer.engine.DrainAccount;
import io.sluice.consumer.engine.Stall;
import io.sluice.consumer.metrics.ConsumerMetrics;
import io.sluice.handler.Handles;
import io.sluice.management.Management;
import io.sluice.settings.Settings;
import io.sluice.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The consumers of a pipeline in this JVM, on a Vert.x of their own. Main thread; every call blocks. */
public final class LocalPipeline implements AutoCloseable {
    private static final Duration JOINING = Duration.ofSeconds(60);

    private final Settings settings;
    private final Vertx vertx;
    private final Management management;
    private final Tracing tracing;
    private final @Nullable ConsumerMetrics metrics;
    /** Also read on the management port's event loop. */
    private final List<ConsumerVerticle> consumers = new CopyOnWriteArrayList<>();

    private final List<String> deployments = new ArrayList<>();

    public LocalPipeline(Settings settings) {
        this(settings, new VertxOptions());
    }

    public LocalPipeline(Settings settings, VertxOptions options) {
        this(settings, options, Management.none(), Tracing.off());
    }

    /**
     * @param management is told of the consumers; stays the caller's to close, after this
     * @param tracing stays the caller's to close, after this
     */
    public LocalPipeline(Settings settings, VertxOptions options, Management management, Tracing tracing) {
        this.settings = settings;
        this.management = management;
        this.tracing = tracing;
        this.vertx = management.vertx(options).build();
        MeterRegistry registry = management.registry();
        this.metrics = registry == null ? null : new ConsumerMetrics(registry);
        management.page("/stalled", this::stalled);
    }

    public Vertx vertx() {
        return vertx;
    }

    /**
     * Starts consumers.
     *
     * @param handlers makes each consumer's own
     * @throws RuntimeException in one line, when one of them cannot start
     */
    public void deploy(int count, Supplier<? extends Collection<? extends Handles<?, ?>>> handlers) {
        for (int i = 0; i < count; i++) {
            ConsumerVerticle consumer = new ConsumerVerticle(settings, handlers.get(), metrics, tracing);
            deployments.add(Waiting.on(vertx.deployVerticle(consumer)));
            consumers.add(consumer);
            management.watch("consumer-" + consumers.size(), consumer);
        }
    }

    /** Returns when the consumers own so many partitions together. */
    public void awaitPartitions(int partitions) {
        if (!Waiting.until(() -> ownedPartitions() >= partitions, JOINING)) {
            throw new IllegalStateException(
                    "the consumers have not got their partitions within " + JOINING.toSeconds() + " s");
        }
    }

    private int ownedPartitions() {
        return status().stream().mapToInt(ConsumerStatus::partitions).sum();
    }

    /** What each consumer does now. */
    public List<ConsumerStatus> status() {
        return consumers.stream().map(consumer -> Waiting.on(consumer.status())).toList();
    }

    /** What holds back their commits, the oldest first. Any thread. */
    private Future<List<StallEntry>> stalled() {
        return Future.all(consumers.stream().map(ConsumerVerticle::stalled).toList())
                .map(all -> all.<List<Stall>>list().stream()
                        .flatMap(List::stream)
                        .sorted(Comparator.comparing(Stall::age).reversed())
                        .map(StallEntry::of)
                        .toList());
    }

    /** Completes with the reason when a consumer cannot go on. */
    public Future<Throwable> failed() {
        Promise<Throwable> failed = Promise.promise();
        consumers.forEach(consumer -> consumer.failed().onFailure(failed::tryComplete));
        return failed.future();
    }

    /** Stops the consumers in an orderly way, all at once, and says what became of their tasks. */
    public DrainAccount drain() {
        Waiting.on(Future.join(deployments.stream().map(vertx::undeploy).toList()));
        deployments.clear();
        return consumers.stream()
                .map(consumer -> Waiting.on(consumer.drained()))
                .reduce(new DrainAccount(0, 0, 0, 0), DrainAccount::plus);
    }

    @Override
    public void close() {
        if (!deployments.isEmpty()) {
            drain();
        }
        Waiting.on(vertx.close());
    }
}
