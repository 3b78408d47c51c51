package io.sluice.producer;

import io.sluice.kafka.BrokerWatch;
import io.sluice.management.Check;
import io.sluice.management.Observed;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.guard.Guard;
import io.sluice.producer.http.HttpIntake;
import io.sluice.producer.http.Problem;
import io.sluice.producer.intake.Intake;
import io.sluice.producer.intake.Results;
import io.sluice.producer.intake.Schemas;
import io.sluice.producer.metrics.ProducerMetrics;
import io.sluice.settings.HttpLimits;
import io.sluice.settings.Listen;
import io.sluice.settings.ProducerSettings;
import io.sluice.settings.Settings;
import io.sluice.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServer;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes tasks in, over HTTP on {@code producer.host} and {@code producer.port} ({@code GET /v1/openapi.json} says how) and at
 * the event bus {@link #ADDRESS}, answers when the broker has them, and on request when they have ended.
 *
 * <p>Several in one Vert.x share the port and the address; each has a buffer, a Kafka producer and an index of recent tasks
 * of its own.
 */
public final class ProducerVerticle extends VerticleBase implements Observed {
    /**
     * Where tasks are taken in on the event bus: send a {@link io.vertx.core.json.JsonObject} of the form that HTTP takes,
     * and get {@code {"id": …, "state": "accepted"}} or a failure, whose code is the HTTP status for the same fault. With
     * the header {@code wait} ({@code 5s}, or empty for the default) the answer is the result, if it comes in that time.
     */
    public static final String ADDRESS = "sluice.tasks";

    private static final Duration SHUTDOWN = Duration.ofSeconds(10);

    /** Tells the threads and the Kafka clients of one JVM apart. */
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private final Settings settings;
    private final Function<Vertx, Tasks> open;
    private final Results results;
    private final Tracing tracing;
    private final ProducerMetrics metrics;
    private final BrokerWatch broker;
    private volatile @Nullable Tasks tasks;
    private @Nullable Intake intake;
    private @Nullable InUse measured;
    private @Nullable Guard guard;
    private @Nullable HttpServer server;
    private @Nullable MessageConsumer<Object> messages;
    private volatile int port;
    private boolean stopping;

    /** One that nobody measures. */
    public ProducerVerticle(Settings settings) {
        this(settings, ProducerMetrics.in(null), Tracing.off());
    }

    /**
     * One that is measured, and makes a span for each request and each task.
     *
     * @param metrics where what it measures is added to what others of the process do
     * @param tracing stays yours to close, after this is undeployed
     */
    public ProducerVerticle(Settings settings, ProducerMetrics metrics, Tracing tracing) {
        this(settings, vertx -> Tasks.open(vertx, settings, metrics, tracing), Results.of(settings), metrics, tracing);
    }

    ProducerVerticle(Settings settings, Function<Vertx, Tasks> open, Results results) {
        this(settings, open, results, ProducerMetrics.in(null));
    }

    ProducerVerticle(Settings settings, Function<Vertx, Tasks> open, Results results, ProducerMetrics metrics) {
        this(settings, open, results, metrics, Tracing.off());
    }

    private ProducerVerticle(
            Settings settings, Function<Vertx, Tasks> open, Results results, ProducerMetrics metrics, Tracing tracing) {
        this.settings = settings;
        this.open = open;
        this.results = results;
        this.metrics = metrics;
        this.tracing = tracing;
        this.broker = new BrokerWatch(
                "sluice-broker-watch-" + INSTANCES.incrementAndGet(), settings.kafka(), settings.topic());
    }

    /** The port it listens on, once it is deployed; that is news if the settings say 0. From any thread. */
    public int actualPort() {
        return port;
    }

    /** Where it listens, once it is deployed: {@code http://127.0.0.1:8080}. From any thread. */
    public String url() {
        Listen listen = settings.producer().listen();
        String host = listen.host().contains(":") ? "[" + listen.host() + "]" : listen.host();
        return (listen.certificate() == null ? "http://" : "https://") + host + ":" + port;
    }

    /**
     * The client through which it writes, for code in the same JVM; it closes it when it is undeployed.
     *
     * @throws IllegalStateException before it is deployed
     */
    public Tasks tasks() {
        Tasks opened = tasks;
        if (opened == null) {
            throw new IllegalStateException("the producer is not deployed yet");
        }
        return opened;
    }

    /**
     * Fails with one line if the address cannot be listened on, or must not be without tokens and TLS, or if a file that
     * the settings name cannot be used.
     */
    @Override
    public Future<?> start() {
        Tasks tasks = open.apply(vertx);
        this.tasks = tasks;
        ProducerSettings producer = settings.producer();
        return vertx.executeBlocking(() -> Schemas.load(vertx, producer.schemas()), false)
                .compose(schemas -> Guard.open(vertx, producer, Problem::refuse)
                        .compose(guard ->
                                listen(guard, new Intake(context, settings, tasks, schemas, results, metrics))))
                .recover(failure -> close().transform(closed -> Future.failedFuture(failure)));
    }

    private Future<?> listen(Guard guard, Intake intake) {
        this.intake = intake;
        measured = new InUse(intake);
        metrics.add(measured);
        HttpLimits limits = settings.producer().http();
        Listen listen = settings.producer().listen();
        return guard.server()
                .requestHandler(new HttpIntake(intake, limits, guard, tracing).router(vertx))
                .listen(listen.port(), listen.host())
                .onSuccess(listening -> {
                    server = listening;
                    this.guard = guard;
                    guard.watch(listening);
                    port = listening.actualPort();
                    messages = vertx.eventBus().consumer(ADDRESS, new BusIntake(intake, limits)::take);
                })
                .recover(failure -> Future.failedFuture(cannotListen(failure)));
    }

    private record InUse(Intake intake) implements ProducerMetrics.Measured {
        @Override
        public int bufferedTasks() {
            return intake.tasks().unacknowledged();
        }

        @Override
        public long bufferedBytes() {
            return intake.tasks().unacknowledgedBytes();
        }

        @Override
        public int indexTasks() {
            return intake.remembered();
        }
    }

    /** Whether its event loop turns: {@code event-loop}. Any thread. */
    @Override
    public Future<List<Check>> live() {
        return onLoop(tasks -> Future.succeededFuture(List.of(new Check("event-loop", true, "it turns"))));
    }

    /**
     * Whether it listens ({@code http}), the broker answers and takes tasks ({@code broker}), and there is room for more of
     * them ({@code buffer}). From the first time that it is asked it asks the broker every three seconds. Any thread.
     */
    @Override
    public Future<List<Check>> ready() {
        return onLoop(tasks -> new ProducerHealth(broker, tasks)
                .ready(new Check(
                        "http",
                        server != null && !stopping,
                        server == null || stopping ? "it does not listen" : "it listens at " + url())));
    }

    private Future<List<Check>> onLoop(Function<Tasks, Future<List<Check>>> question) {
        Tasks opened = tasks;
        if (opened == null) {
            return Future.failedFuture("the producer is not deployed yet");
        }
        Promise<List<Check>> answer = Promise.promise();
        context.runOnContext(turn -> question.apply(opened).onComplete(answer));
        return answer.future();
    }

    private IllegalStateException cannotListen(Throwable failure) {
        String address = settings.producer().listen().host() + ":"
                + settings.producer().listen().port();
        String why = failure instanceof BindException
                ? "the port is in use, or the address is not this machine's"
                : failure.getMessage();
        return new IllegalStateException(
                "cannot listen on " + address + ": " + why + "; see producer.port and producer.host", failure);
    }

    /** Takes no more in, lets what was taken in be acknowledged and answered, and closes. */
    @Override
    public Future<?> stop() {
        HttpServer server = this.server;
        MessageConsumer<Object> messages = this.messages;
        Intake intake = this.intake;
        stopping = true;
        if (intake != null) {
            // Whoever waits for a result has it looked up later.
            intake.stopWaiting();
        }
        Future<Void> noMessages = messages == null ? Future.succeededFuture() : messages.unregister();
        return noMessages
                .transform(unregistered -> server == null ? Future.succeededFuture() : server.shutdown(SHUTDOWN))
                .transform(shutdown -> close());
    }

    private Future<Void> close() {
        Guard guard = this.guard;
        Tasks tasks = this.tasks;
        Intake intake = this.intake;
        if (guard != null) {
            guard.close();
        }
        if (measured != null) {
            metrics.remove(measured);
        }
        Future<Void> watched = broker.close(vertx);
        return (intake == null ? Future.<Void>succeededFuture() : intake.close())
                .transform(closed -> tasks == null ? Future.<Void>succeededFuture() : tasks.close())
                .transform(closed -> watched);
    }
}
