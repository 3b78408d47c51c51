package io.sluice.standalone.demo;

import io.sluice.cli.Progress;
import io.sluice.cli.StopSignal;
import io.sluice.cli.Waiting;
import io.sluice.consumer.command.LocalPipeline;
import io.sluice.consumer.engine.ConsumerStatus;
import io.sluice.consumer.engine.TypeStatus;
import io.sluice.consumer.handlers.Handlers;
import io.sluice.producer.ProducerVerticle;
import io.sluice.producer.submit.ResultFile;
import io.sluice.producer.submit.Submission;
import io.sluice.record.NewTask;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.sluice.standalone.broker.EmbeddedBroker;
import io.sluice.topics.PipelineTopics;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One run of the demo, to be read downwards. Main thread, which waits; the work is done on the verticles' threads.
 *
 * @param err for everything but the summary
 * @param terminal whether {@code err} is one
 */
record Demo(DemoPlan plan, StopSignal stop, PrintWriter err, boolean terminal) {
    private static final int PARTITIONS = 12;
    private static final int CHUNK = 500;
    private static final Duration LOOK = Duration.ofMillis(100);

    /** The JVM has no thread of the demo's left when this returns. */
    DemoSummary run() {
        err.println("Starting a Kafka broker and " + plan.consumers() + " consumers …");
        err.flush();
        try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
            Settings settings = settings(broker.bootstrapServers());
            PipelineTopics.create(settings, PARTITIONS);
            try (DemoTarget target = DemoTarget.open(plan);
                    LocalPipeline pipeline = new LocalPipeline(settings)) {
                ProducerVerticle producer = new ProducerVerticle(settings);
                Waiting.on(pipeline.vertx().deployVerticle(producer));
                pipeline.deploy(plan.consumers(), () -> Handlers.discover(settings));
                pipeline.awaitPartitions(PARTITIONS);
                try (ResultFile out = ResultFile.open(plan.out())) {
                    Tally tally = new Tally();
                    Submission submission =
                            Waiting.on(Submission.open(pipeline.vertx(), settings, producer.tasks(), results -> {
                                tally.add(results);
                                out.write(results);
                            }));
                    double seconds = fetch(target.tasks(), submission, pipeline, out);
                    List<ConsumerStatus> status = pipeline.status();
                    String account = pipeline.drain().toString();
                    Waiting.on(submission.close());
                    if (stop.received().isComplete()) {
                        err.println("Interrupted: " + account + ".");
                        err.flush();
                    }
                    return summary(tally, status, seconds, target.mostPerHost());
                }
            }
        }
    }

    /** Submits all and waits until all are settled, or until somebody has had enough; returns the seconds it took. */
    private double fetch(List<NewTask> tasks, Submission submission, LocalPipeline pipeline, ResultFile out) {
        Progress progress = new Progress(err, terminal, tasks.size(), 0);
        Future<Void> joined = null;
        long begin = System.nanoTime();
        for (int from = 0; joined == null; from += CHUNK) {
            if (from >= tasks.size() || stop.received().isComplete()) {
                joined = submission.join();
            } else {
                Future<Void> taken = submission.submit(tasks.subList(from, Math.min(from + CHUNK, tasks.size())));
                await(taken, submission, pipeline, progress);
            }
        }
        await(joined, submission, pipeline, progress);
        if (out.failure() != null) {
            throw new IllegalStateException(out.failure());
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        progress.end();
        if (submission.state().refused() > 0) {
            err.println(submission.state().refused() + " tasks were not taken: "
                    + submission.state().refusal());
        }
        return seconds;
    }

    private void await(Future<Void> future, Submission submission, LocalPipeline pipeline, Progress progress) {
        Future<?> either = Future.any(future, stop.received(), pipeline.failed());
        while (!Waiting.atMost(LOOK, either)) {
            Submission.State state = submission.state();
            int inFlight = pipeline.status().stream()
                    .mapToInt(ConsumerStatus::inFlight)
                    .sum();
            progress.show(state.settled(), "done, " + state.failed() + " failed, " + inFlight + " in flight");
        }
        if (pipeline.failed().isComplete()) {
            throw new IllegalStateException(pipeline.failed().result().getMessage());
        }
    }

    private DemoSummary summary(
            Tally tally, List<ConsumerStatus> status, double seconds, Map<String, Integer> mostPerHost) {
        List<TypeStatus.Attempts> attempts = status.stream()
                .flatMap(consumer -> consumer.types().values().stream())
                .map(TypeStatus::attempts)
                .toList();
        return new DemoSummary(
                plan.workload().pages(),
                tally.succeeded(),
                tally.failures(),
                new DemoSummary.Attempts(
                        attempts.stream().mapToLong(TypeStatus.Attempts::made).sum(),
                        attempts.stream()
                                .mapToLong(TypeStatus.Attempts::retries)
                                .sum(),
                        attempts.stream()
                                .mapToLong(TypeStatus.Attempts::timeouts)
                                .sum()),
                mostPerHost,
                new DemoSummary.Time(
                        seconds,
                        attempts.stream()
                                        .mapToLong(TypeStatus.Attempts::busyNanos)
                                        .sum()
                                / 1e9,
                        plan.workload().hosts() * plan.perHost()));
    }

    /** Every consumer may hold all of the permits, since all hosts may happen to be its own. */
    private Settings settings(String broker) {
        int permits = Math.max(1, plan.workload().hosts() * plan.perHost());
        return SettingsLoader.load(
                null,
                Map.of(
                        "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                        broker,
                        "SLUICE_PRODUCER_PORT",
                        "0",
                        "SLUICE_CONSUMER_MAX_IN_FLIGHT",
                        Integer.toString(permits),
                        "SLUICE_CONSUMER_MAX_IN_FLIGHT_PER_KEY",
                        Integer.toString(plan.perHost()),
                        "SLUICE_CONSUMER_DRAIN_TIMEOUT",
                        "5s",
                        "SLUICE_TYPES_FETCH_TIMEOUT",
                        plan.timeout().toMillis() + "ms",
                        "SLUICE_TYPES_FETCH_RETRY_MAX_ATTEMPTS",
                        "10",
                        "SLUICE_TYPES_FETCH_OPTIONS_ALLOW",
                        plan.workload().allow(),
                        "SLUICE_TYPES_FETCH_OPTIONS_CONNECT_TIMEOUT_MS",
                        Long.toString(plan.timeout().toMillis()),
                        "SLUICE_TYPES_FETCH_POOL_SIZE",
                        Integer.toString(2 * Runtime.getRuntime().availableProcessors())));
    }
}
