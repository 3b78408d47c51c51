package io.sluice.producer;

import io.sluice.producer.client.Receipt;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.TaskForm;
import io.sluice.producer.guard.Guard;
import io.sluice.producer.http.HttpIntake;
import io.sluice.producer.http.Problem;
import io.sluice.record.NewTask;
import io.sluice.settings.Listen;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.BindException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes tasks in, over HTTP ({@code POST /v1/tasks} on {@code producer.host} and {@code producer.port}) and at the event
 * bus {@link #ADDRESS}, and answers when the broker has them.
 *
 * <p>Several in one Vert.x share the port and the address; each has a buffer and a Kafka producer of its own.
 */
public final class ProducerVerticle extends VerticleBase {
    /**
     * Where tasks are taken in on the event bus: send a {@link JsonObject} of the form that HTTP takes, and get
     * {@code {"id": …}} or a failure, whose code is the HTTP status for the same fault.
     */
    public static final String ADDRESS = "sluice.tasks";

    private static final Duration SHUTDOWN = Duration.ofSeconds(10);

    private final Settings settings;
    private final Function<Vertx, Tasks> open;
    private volatile @Nullable Tasks tasks;
    private @Nullable Guard guard;
    private @Nullable HttpServer server;
    private @Nullable MessageConsumer<Object> messages;
    private volatile int port;

    public ProducerVerticle(Settings settings) {
        this(settings, vertx -> Tasks.open(vertx, settings));
    }

    ProducerVerticle(Settings settings, Function<Vertx, Tasks> open) {
        this.settings = settings;
        this.open = open;
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
     * Fails with one line if the address cannot be listened on, or must not be without tokens and TLS, or if these cannot
     * be read.
     */
    @Override
    public Future<?> start() {
        Tasks tasks = open.apply(vertx);
        this.tasks = tasks;
        int maxBodyBytes = settings.producer().http().maxBodyBytes();
        HttpIntake intake = new HttpIntake(tasks, settings.defaultType(), maxBodyBytes);
        return Guard.open(vertx, settings.producer(), Problem::refuse)
                .compose(opened -> listen(opened.server().requestHandler(intake.router(vertx, opened)))
                        .onSuccess(listening -> begin(listening, opened)))
                .recover(failure -> tasks.close().transform(closed -> Future.failedFuture(failure)));
    }

    private void begin(HttpServer listening, Guard guarding) {
        server = listening;
        guard = guarding;
        guarding.watch(listening);
        port = listening.actualPort();
        messages = vertx.eventBus().consumer(ADDRESS, this::take);
    }

    private Future<HttpServer> listen(HttpServer server) {
        Listen listen = settings.producer().listen();
        return server.listen(listen.port(), listen.host())
                .recover(failure -> Future.failedFuture(cannotListen(failure)));
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

    private void take(Message<Object> message) {
        submit(message.body())
                .onSuccess(receipt -> message.reply(new JsonObject().put("id", receipt.id())))
                .onFailure(failure -> {
                    Problem problem = Problem.of(failure);
                    message.fail(problem.status(), problem.detail());
                });
    }

    private Future<Receipt> submit(@Nullable Object body) {
        Tasks tasks = this.tasks;
        if (!(body instanceof JsonObject form) || tasks == null) {
            return Future.failedFuture(new BadTask(null, "a task is a JsonObject"));
        }
        try {
            NewTask task = TaskForm.read(form.encode(), settings.defaultType(), HttpIntake::newId);
            return tasks.submit(task);
        } catch (BadTask e) {
            return Future.failedFuture(e);
        }
    }

    /** Takes no more in, lets what was taken in be acknowledged and answered, and closes. */
    @Override
    public Future<?> stop() {
        HttpServer server = this.server;
        MessageConsumer<Object> messages = this.messages;
        Tasks tasks = this.tasks;
        Guard guard = this.guard;
        Future<Void> noMessages = messages == null ? Future.succeededFuture() : messages.unregister();
        return noMessages
                .transform(unregistered -> server == null ? Future.succeededFuture() : server.shutdown(SHUTDOWN))
                .onComplete(shutdown -> {
                    if (guard != null) {
                        guard.close();
                    }
                })
                .transform(shutdown -> tasks == null ? Future.succeededFuture() : tasks.close());
    }
}
