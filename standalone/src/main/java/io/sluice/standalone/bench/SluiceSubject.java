package io.sluice.standalone.bench;

import io.sluice.consumer.command.LocalPipeline;
import io.sluice.handler.BlockingTaskHandler;
import io.sluice.handler.HandlerContext;
import io.sluice.handler.Handles;
import io.sluice.handler.TaskContext;
import io.sluice.handler.TaskHandler;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.sluice.standalone.bench.subject.Body;
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
                        job.results() ? "all" : "none",
                        // No body is to be cut short.
                        "SLUICE_TYPES_BENCH_TIMEOUT",
                        "2m"));
        LocalPipeline pipeline = new LocalPipeline(settings);
        pipeline.deploy(1, () -> List.of(handler(job, witness)));
        pipeline.failed().onSuccess(failure -> {
            // Whoever measures sees that the process has ended, and what it has said.
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        return pipeline;
    }

    private static Handles<?, ?> handler(Job job, Witness witness) {
        return switch (job.kind()) {
            case NOOP -> new Noop(witness);
            case TIMER -> new Timer(job.work(), witness);
            case SLEEP -> new Sleep(job.work(), witness);
        };
    }

    private record Noop(Witness witness) implements TaskHandler<byte[], Integer> {
        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Future<Integer> handle(byte[] payload, TaskContext task) {
            int n = Body.task(payload);
            witness.started(n);
            witness.ended(n);
            return Future.succeededFuture(n);
        }
    }

    private static final class Timer implements TaskHandler<byte[], Integer> {
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
        public Future<Integer> handle(byte[] payload, TaskContext task) {
            int n = Body.task(payload);
            witness.started(n);
            Vertx timers = vertx;
            if (timers == null) {
                throw new IllegalStateException("not started");
            }
            return timers.timer(witness.millisOf(work, n)).map(done -> {
                witness.ended(n);
                return n;
            });
        }
    }

    private record Sleep(Job.Work work, Witness witness) implements BlockingTaskHandler<byte[], Integer> {
        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Integer handle(byte[] payload, TaskContext task) throws InterruptedException {
            int n = Body.task(payload);
            witness.started(n);
            try {
                Thread.sleep(witness.millisOf(work, n));
            } finally {
                witness.ended(n);
            }
            return n;
        }
    }
}
