package io.sluice.standalone.bench;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.sluice.consumer.command.LocalPipeline;
import io.sluice.handler.BlockingTaskHandler;
import io.sluice.handler.HandlerContext;
import io.sluice.handler.Handles;
import io.sluice.handler.TaskContext;
import io.sluice.handler.TaskHandler;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.sluice.standalone.bench.subject.Job;
import io.sluice.standalone.bench.subject.Subject;
import io.sluice.standalone.bench.subject.Witness;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sluice's consumer under measurement: one verticle, as its image runs it, and handlers as users write them. */
final class SluiceSubject {
    private static final String TYPE = "bench";

    private SluiceSubject() {}

    public static void main(String[] arguments) {
        Subject.run(arguments, SluiceSubject::start);
    }

    private static AutoCloseable start(Job job, Witness witness) {
        Settings settings = SettingsLoader.load(
                null,
                Map.of(
                        "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                        job.feed().bootstrap(),
                        "SLUICE_TOPIC",
                        job.feed().topic(),
                        "SLUICE_DEFAULT_TYPE",
                        TYPE,
                        "SLUICE_CONSUMER_GROUP",
                        job.feed().group(),
                        "SLUICE_CONSUMER_MAX_IN_FLIGHT",
                        Integer.toString(job.inFlight()),
                        "SLUICE_CONSUMER_COMMIT_INTERVAL",
                        job.commitInterval().toMillis() + "ms",
                        "SLUICE_TYPES_BENCH_RESULTS",
                        job.results() ? "all" : "none"));
        LocalPipeline pipeline = new LocalPipeline(settings);
        pipeline.deploy(1, () -> List.of(handler(job, witness)));
        return pipeline;
    }

    private static Handles<?, ?> handler(Job job, Witness witness) {
        return switch (job.kind()) {
            case NOOP -> new Noop(witness);
            case TIMER -> new Timer(job.work(), witness);
            case SLEEP -> new Sleep(job.work(), witness);
        };
    }

    /** @param n the task's number */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Payload(int n) {}

    private record Noop(Witness witness) implements TaskHandler<Payload, Payload> {
        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Future<Payload> handle(Payload payload, TaskContext task) {
            witness.started(payload.n());
            witness.ended(payload.n());
            return Future.succeededFuture(payload);
        }
    }

    private static final class Timer implements TaskHandler<Payload, Payload> {
        private final Job.Work work;
        private final Witness witness;
        private @Nullable Vertx vertx;

        Timer(Job.Work work, Witness witness) {
            this.work = work;
            this.witness = witness;
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Future<Void> start(HandlerContext context) {
            vertx = context.vertx();
            return Future.succeededFuture();
        }

        @Override
        public Future<Payload> handle(Payload payload, TaskContext task) {
            witness.started(payload.n());
            Vertx timers = vertx;
            if (timers == null) {
                throw new IllegalStateException("not started");
            }
            return timers.timer(work.millisOf(payload.n())).map(done -> {
                witness.ended(payload.n());
                return payload;
            });
        }
    }

    private record Sleep(Job.Work work, Witness witness) implements BlockingTaskHandler<Payload, Payload> {
        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Payload handle(Payload payload, TaskContext task) throws InterruptedException {
            witness.started(payload.n());
            try {
                Thread.sleep(work.millisOf(payload.n()));
            } finally {
                witness.ended(payload.n());
            }
            return payload;
        }
    }
}
