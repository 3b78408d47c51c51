package io.sluice.standalone.pipeline;

import io.sluice.cli.Waiting;
import io.sluice.consumer.ConsumerVerticle;
import io.sluice.consumer.engine.ConsumerStatus;
import io.sluice.consumer.engine.DrainAccount;
import io.sluice.consumer.engine.Stall;
import io.sluice.handler.Handles;
import io.sluice.management.Management;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** The consumers of a pipeline in this JVM, on a Vert.x of their own. Main thread; every call blocks. */
public final class LocalPipeline implements AutoCloseable {
    private static final Duration JOINING = Duration.ofSeconds(60);

    private final Settings settings;
    private final Vertx vertx;
    private final List<ConsumerVerticle> consumers = new ArrayList<>();
    private final List<String> deployments = new ArrayList<>();

    public LocalPipeline(Settings settings) {
        this(settings, new VertxOptions());
    }

    public LocalPipeline(Settings settings, VertxOptions options) {
        this(settings, Vertx.vertx(options));
    }

    /** @param vertx is closed with it */
    public LocalPipeline(Settings settings, Vertx vertx) {
        this.settings = settings;
        this.vertx = vertx;
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
            ConsumerVerticle consumer = new ConsumerVerticle(settings, handlers.get());
            deployments.add(Waiting.on(vertx.deployVerticle(consumer)));
            consumers.add(consumer);
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

    /** Lets the management port tell of those that are deployed, and of what holds back their commits. */
    public void watchedBy(Management management) {
        for (int i = 0; i < consumers.size(); i++) {
            management.watch("consumer-" + (i + 1), new ConsumerHealth(consumers.get(i)));
        }
        management.page("/stalled", this::stalled);
    }

    private Future<List<StallEntry>> stalled() {
        List<Future<List<Stall>>> asked =
                consumers.stream().map(ConsumerVerticle::stalled).toList();
        return Future.all(asked)
                .map(all -> asked.stream()
                        .flatMap(answer -> answer.result().stream())
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
