package io.sluice.consumer;

import io.sluice.consumer.engine.ConsumerStatus;
import io.sluice.consumer.engine.Dispatcher;
import io.sluice.consumer.engine.DrainAccount;
import io.sluice.consumer.engine.Fence;
import io.sluice.consumer.engine.Health;
import io.sluice.consumer.engine.Measured;
import io.sluice.consumer.engine.PollLoop;
import io.sluice.consumer.engine.Reading;
import io.sluice.consumer.engine.RetryPolicy;
import io.sluice.consumer.engine.Stall;
import io.sluice.consumer.engine.StallWatch;
import io.sluice.consumer.engine.TaskType;
import io.sluice.consumer.engine.TaskTypes;
import io.sluice.consumer.engine.Timings;
import io.sluice.consumer.kafka.EndOffsets;
import io.sluice.consumer.kafka.KafkaSource;
import io.sluice.consumer.kafka.PausedTypes;
import io.sluice.consumer.metrics.ConsumerMetrics;
import io.sluice.consumer.metrics.ConsumerPart;
import io.sluice.handler.HandlerContext;
import io.sluice.handler.Handles;
import io.sluice.kafka.KafkaClients;
import io.sluice.kafka.RecordSender;
import io.sluice.management.Check;
import io.sluice.management.Observed;
import io.sluice.settings.Settings;
import io.sluice.settings.TypeSettings;
import io.sluice.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of the group: runs tasks until it is undeployed, which drains it. Deploy several, in one process or in
 * many, to run more.
 *
 * <pre>{@code vertx.deployVerticle(new ConsumerVerticle(settings, handlers))}</pre>
 *
 * <p>Deployment succeeds when the broker answers, the topics are as they must be and the handlers have started; partitions come a
 * little later ({@link #status}). It fails with {@link ConsumerFailed}, whose message has a line for each fault.
 */
public final class ConsumerVerticle extends VerticleBase implements Observed {
    private static final Logger log = LoggerFactory.getLogger(ConsumerVerticle.class);
    private static final Duration LAST_WRITES = Duration.ofSeconds(10);
    private static final Duration GROUP_MARGIN = Duration.ofSeconds(10);

    private final Settings settings;
    private final List<Handles<?, ?>> handlers;
    private final @Nullable ConsumerMetrics metrics;
    private final Tracing tracing;
    private final String name = "sluice-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<Workers> workers = new ArrayList<>();
    private final List<Handles<?, ?>> started = new ArrayList<>();
    private final Promise<Void> failed = Promise.promise();
    private final Promise<DrainAccount> drained = Promise.promise();
    private volatile @Nullable Running running;

    private record Running(
            RecordSender sender,
            Dispatcher dispatcher,
            PollLoop pollLoop,
            PollThread pollThread,
            ControlThread control,
            StallWatch stalls,
            Health health,
            @Nullable ConsumerPart part) {
        Measured measured() {
            return Measured.of(dispatcher, pollLoop);
        }
    }

    /** @param handlers for this verticle alone: it starts and stops them */
    public ConsumerVerticle(Settings settings, Collection<? extends Handles<?, ?>> handlers) {
        this(settings, handlers, null, Tracing.off());
    }

    /**
     * One that is measured, and makes a span for each attempt.
     *
     * @param handlers for this verticle alone: it starts and stops them
     * @param metrics perhaps of other consumers, too; null for none
     * @param tracing stays yours to close, after this is undeployed
     */
    public ConsumerVerticle(
            Settings settings,
            Collection<? extends Handles<?, ?>> handlers,
            @Nullable ConsumerMetrics metrics,
            Tracing tracing) {
        this.settings = settings;
        this.handlers = List.copyOf(handlers);
        this.metrics = metrics;
        this.tracing = tracing;
    }

    @Override
    public Future<?> start() {
        return Future.succeededFuture()
                .map(now -> taskTypes())
                .compose(types -> vertx.executeBlocking(() -> TopicCheck.run(settings), false)
                        .compose(partitions -> startHandlers())
                        .compose(ready ->
                                vertx.executeBlocking(() -> ControlThread.open(settings, name + "-control"), false))
                        .map(paused -> {
                            running = run(types, paused);
                            return null;
                        }))
                .recover(failure -> stopHandlers().transform(stopped -> {
                    workers.forEach(pool -> pool.closing().run());
                    return Future.failedFuture(inOneLine(failure));
                }));
    }

    private static ConsumerFailed inOneLine(Throwable failure) {
        return failure instanceof ConsumerFailed failed
                ? failed
                : new ConsumerFailed("the consumer cannot start: " + failure.getMessage(), failure);
    }

    private Future<Void> startHandlers() {
        Set<String> handled = handlers.stream().map(Handles::type).collect(Collectors.toSet());
        settings.types().keySet().stream()
                .filter(type -> !handled.contains(type))
                .forEach(type -> log.warn(
                        "The settings have a type '{}', but no handler here knows it; there are {}", type, handled));
        Future<Void> all = Future.succeededFuture();
        for (Handles<?, ?> handler : handlers) {
            TypeSettings type = settings.type(handler.type());
            all = all.compose(before -> handler.start(new HandlerContext(vertx, type.options(), type.maxInFlight())))
                    .onSuccess(ready -> started.add(handler));
        }
        return all;
    }

    private Running run(TaskTypes types, PausedTypes paused) {
        ConsumerPart part = metrics == null ? null : metrics.join(settings);
        try {
            return run(types, paused, part);
        } catch (RuntimeException | Error e) {
            if (part != null) {
                part.leave();
            }
            throw e;
        }
    }

    private Running run(TaskTypes types, PausedTypes paused, @Nullable ConsumerPart part) {
        VertxLoop loop = new VertxLoop(vertx, context);
        Fence fence = new Fence(loop, settings.consumer().patience().fenceAfter());
        Reading reading = Reading.of(settings.topics(), settings.maxPollRecords(), settings.fetchMaxWait());
        Timings timings = part == null ? Timings.NONE : part;
        EndOffsets ends = new EndOffsets();
        KafkaSource source = new KafkaSource(() -> groupConsumer(part), reading.topics(), ends);
        RecordSender sender = RecordSender.open(name + "-sender", settings.kafka(), () -> producer(part));
        Dispatcher dispatcher =
                new Dispatcher(settings, loop, fence, types, (record, ack) -> sender.send(record, ack::done), timings);
        // Before the poll thread is there, whose first task comes after it.
        dispatcher.pause(paused.now());
        ControlThread control = new ControlThread(name + "-control", paused, dispatcher::pause, ends, loop);
        PollLoop pollLoop = new PollLoop(
                source,
                dispatcher,
                loop,
                fence,
                PollThread::await,
                new PollLoop.Plan(
                        reading,
                        settings.consumer().commitInterval(),
                        settings.maxPollInterval().minus(GROUP_MARGIN),
                        timings));
        PollThread pollThread = new PollThread(name + "-poll", pollLoop, loop);
        pollThread.ended().onFailure(this::pollingFailed);
        StallWatch stalls = new StallWatch(
                dispatcher, pollLoop, loop, settings.consumer().patience().stallWarning());
        stalls.start();
        Health health = new Health(
                dispatcher,
                pollLoop,
                source,
                fence,
                loop,
                Health.Bounds.of(settings.apiTimeout(), settings.maxPollInterval()));
        health.start();
        Running all = new Running(sender, dispatcher, pollLoop, pollThread, control, stalls, health, part);
        if (part != null) {
            part.follow(loop, all::measured);
        }
        return all;
    }

    private KafkaConsumer<byte[], byte[]> groupConsumer(@Nullable ConsumerPart part) {
        KafkaConsumer<byte[], byte[]> consumer = KafkaClients.groupConsumer(
                settings.kafka(),
                name,
                settings.consumer().group(),
                settings.consumer().groupProtocol().name().toLowerCase(Locale.ROOT));
        if (part != null) {
            part.opened(consumer);
        }
        return consumer;
    }

    private Producer<byte[], byte[]> producer(@Nullable ConsumerPart part) {
        // Not the consumer's name: some of what the clients measure has no other label.
        Producer<byte[], byte[]> producer = KafkaClients.producer(settings.kafka(), name + "-sender");
        if (part != null) {
            part.opened(producer);
        }
        return producer;
    }

    private TaskTypes taskTypes() {
        Random random = new Random();
        AttemptScopes scopes = new AttemptScopes(tracing, settings.consumer().group());
        List<TaskType> known = new ArrayList<>();
        Set<String> served = new HashSet<>();
        for (Handles<?, ?> handler : handlers) {
            if (!served.add(handler.type())) {
                throw new ConsumerFailed(
                        "two handlers serve the type '" + handler.type() + "', one of them "
                                + handler.getClass().getName() + ": leave one out",
                        null);
            }
            TypeSettings type = settings.type(handler.type());
            Workers pool = Workers.open(vertx, name + "-" + handler.type(), type);
            workers.add(pool);
            known.add(new TaskType(
                    handler.type(),
                    type,
                    RetryPolicy.exponential(type.retry(), random),
                    Bodies.of(handler),
                    pool.executor(),
                    scopes));
        }
        TaskType unknown = new TaskType(
                "(unknown)",
                settings.type("(unknown)"),
                RetryPolicy.untilKnown(settings.consumer().patience().unknownTypeWait()),
                TaskTypes.unknownBody(),
                Runnable::run,
                scopes);
        return new TaskTypes(known, unknown);
    }

    private void pollingFailed(Throwable failure) {
        log.error("This consumer cannot go on: {}", failure.toString());
        failed.tryFail(new ConsumerFailed("reading " + settings.topic() + " failed: " + failure.getMessage(), failure));
    }

    /** Fails when the consumer cannot go on, with a {@link ConsumerFailed}; never completes otherwise. */
    public Future<Void> failed() {
        return failed.future();
    }

    /** What the shutdown did with the tasks it found; completes while the verticle is undeployed. */
    public Future<DrainAccount> drained() {
        return drained.future();
    }

    /** What it is doing now. Any thread. */
    public Future<ConsumerStatus> status() {
        return onLoop(running -> running.dispatcher.status(running.pollLoop.status()));
    }

    /** What holds back the commit of each partition that has anything unsettled, the oldest first. Any thread. */
    public Future<List<Stall>> stalled() {
        return onLoop(running -> running.stalls.now());
    }

    /**
     * Whether a new process should take its place if it stays so: its threads turn, and not too much is stuck. Answers at
     * once, also while its event loop is blocked. Any thread.
     */
    @Override
    public Future<List<Check>> live() {
        Running now = running;
        return Future.succeededFuture(now == null ? List.of() : now.health.live());
    }

    /** Whether it can take tasks and run them: not while it starts, nor while it drains. Answers at once. Any thread. */
    @Override
    public Future<List<Check>> ready() {
        Running now = running;
        return Future.succeededFuture(
                now == null ? List.of(new Check("group", false, "this consumer does not run")) : now.health.ready());
    }

    private <T> Future<T> onLoop(Function<Running, T> question) {
        Promise<T> answer = Promise.promise();
        context.runOnContext(ignored -> {
            Running now = running;
            if (now == null) {
                answer.fail("the consumer is not running");
            } else {
                answer.complete(question.apply(now));
            }
        });
        return answer.future();
    }

    /**
     * Drains: takes nothing more, lets what runs finish within {@code drain-timeout}, cancels the rest, waits for the
     * broker to acknowledge what is owed, commits and leaves the group.
     */
    @Override
    public Future<?> stop() {
        Running stopping = running;
        if (stopping == null) {
            return Future.succeededFuture();
        }
        stopping.health.leaves();
        stopping.pollLoop.stopTaking();
        Future<Void> deaf = stopping.control.stop();
        return stopping.dispatcher
                .drain(settings.consumer().stopping().drainTimeout())
                .onSuccess(drained::complete)
                .compose(account -> settled(stopping, System.nanoTime() + LAST_WRITES.toNanos()))
                .compose(settled -> stopping.pollThread.stop().recover(known -> Future.succeededFuture()))
                .compose(left -> vertx.executeBlocking(
                        () -> {
                            stopping.sender.close();
                            return null;
                        },
                        false))
                .compose(closed -> stopHandlers())
                .compose(stopped -> deaf)
                .onComplete(done -> {
                    running = null;
                    workers.forEach(pool -> pool.closing().run());
                    if (stopping.part != null) {
                        stopping.part.close(stopping::measured, System.currentTimeMillis());
                    }
                });
    }

    /** Completes when the broker has acknowledged everything, or when waiting longer would serve nobody. */
    private Future<Void> settled(Running stopping, long endNanos) {
        Promise<Void> settled = Promise.promise();
        vertx.setPeriodic(5, timer -> {
            if (stopping.dispatcher.settling() == 0 || System.nanoTime() - endNanos >= 0) {
                vertx.cancelTimer(timer);
                settled.complete();
            }
        });
        return settled.future();
    }

    private Future<Void> stopHandlers() {
        Future<Void> all = Future.succeededFuture();
        for (Handles<?, ?> handler : started) {
            all = all.compose(before -> handler.stop()).recover(failure -> {
                log.warn("Handler {} did not stop well: {}", handler.type(), failure.toString());
                return Future.succeededFuture();
            });
        }
        return all;
    }
}
