package io.sluice.standalone.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.handler.HandlerContext;
import io.sluice.handler.TaskContext;
import io.sluice.handler.TaskHandler;
import io.sluice.standalone.chaos.Run.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes some time, and tells the {@link Witness}, whose port its options name, when it starts and ends. */
public final class WitnessedHandler implements TaskHandler<WitnessedHandler.Work, String> {
    static final String TYPE = "witnessed";

    /**
     * What a task asks for.
     *
     * @param millis how long each attempt takes
     * @param failures how many attempts fail before one succeeds
     */
    public record Work(int millis, int failures) {}

    /** Kept, since one that nobody holds closes its connections when it is collected. */
    private @Nullable NetClient client;

    private @Nullable Line line;

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Future<Void> start(HandlerContext context) {
        client = context.vertx().createNetClient();
        return client.connect(context.options().path("witness").asInt(), "127.0.0.1")
                .map(socket -> {
                    line = new Line(context.vertx(), socket);
                    return null;
                });
    }

    @Override
    public Future<Void> stop() {
        return Objects.requireNonNull(client).close();
    }

    @Override
    public Future<String> handle(Work work, TaskContext task) {
        return Objects.requireNonNull(line).run(work, task);
    }

    /** One consumer's connection, and those of its messages that have no answer yet. Its event loop. */
    private static final class Line {
        private final Vertx vertx;
        private final NetSocket socket;
        private final Map<String, Promise<Void>> unanswered = new HashMap<>();
        private int runs;

        Line(Vertx vertx, NetSocket socket) {
            this.vertx = vertx;
            this.socket = socket;
            socket.handler(RecordParser.newDelimited(
                    "\n",
                    answer -> Objects.requireNonNull(unanswered.remove(answer.toString(UTF_8)))
                            .complete()));
            var unused = socket.write("hello\t" + ProcessHandle.current().pid() + "\n");
        }

        Future<String> run(Work work, TaskContext task) {
            String run = String.valueOf(++runs);
            Promise<Outcome> outcome = Promise.promise();
            task.cancelled().onComplete(stop -> outcome.tryComplete(Outcome.CANCELLED));
            return say(run, "start\t" + run + "\t" + task.key() + "\t" + task.id())
                    .compose(heard -> {
                        vertx.setTimer(
                                Math.max(1, work.millis()),
                                over -> outcome.tryComplete(
                                        task.attempt() > work.failures() ? Outcome.DONE : Outcome.FAILED));
                        return outcome.future();
                    })
                    .compose(how -> say(run, "end\t" + run + "\t" + how)
                            .compose(heard -> how == Outcome.DONE
                                    ? Future.succeededFuture(task.id())
                                    : Future.failedFuture(how.name())));
        }

        private Future<Void> say(String run, String line) {
            Promise<Void> answered = Promise.promise();
            unanswered.put(run, answered);
            var unused = socket.write(line + "\n");
            return answered.future();
        }
    }
}
