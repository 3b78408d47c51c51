package io.sluice.standalone;

import io.sluice.cli.SettingsOption;
import io.sluice.cli.StopSignal;
import io.sluice.cli.UsageFault;
import io.sluice.cli.Waiting;
import io.sluice.consumer.handlers.Handlers;
import io.sluice.management.Management;
import io.sluice.producer.ProducerVerticle;
import io.sluice.producer.metrics.ProducerMetrics;
import io.sluice.settings.Settings;
import io.sluice.standalone.broker.EmbeddedBroker;
import io.sluice.standalone.pipeline.LocalPipeline;
import io.sluice.topics.PipelineTopics;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A broker, a producer and a consumer in one JVM, until a signal. Main thread. */
@Command(
        name = "up",
        description = {
            "Runs a Kafka broker, a producer and a consumer in one JVM until Ctrl-C, for any Kafka client to feed.",
            "",
            "The broker keeps its data: a restart finds it. Other terminals may join with 'sluice consumer' and"
                    + " 'sluice producer'."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    @Mixin
    private SettingsOption settings = new SettingsOption();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "9092",
            description = "The broker's port (${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            defaultValue = ".sluice",
            description = "Where the broker keeps its data (${DEFAULT-VALUE}).")
    private Path data = Path.of(".sluice");

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "12",
            description = "Partitions of topics that are new (${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--consumers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Consumer verticles (${DEFAULT-VALUE}).")
    private int consumers;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getErr();
        UsageFault.unlessWithin("--port", port, 1, 65_535);
        UsageFault.unlessWithin("--partitions", partitions, 1, 1_000);
        UsageFault.unlessWithin("--consumers", consumers, 1, 100);
        Settings loaded = settings.load(Map.of(SettingsOption.BROKER, "localhost:" + port));
        StopSignal stop = StopSignal.listen();
        try (Management management = Management.open(loaded.management(), out)) {
            return run(loaded, management, stop, out);
        }
    }

    private int run(Settings loaded, Management management, StopSignal stop, PrintWriter out) {
        out.println("Starting a Kafka broker …");
        out.flush();
        try (EmbeddedBroker broker = EmbeddedBroker.at(data, port)) {
            PipelineTopics.create(loaded, partitions);
            try (LocalPipeline pipeline = new LocalPipeline(
                    loaded, management.vertx(new VertxOptions()).build())) {
                ProducerVerticle producer = new ProducerVerticle(loaded, ProducerMetrics.in(management.registry()));
                Waiting.on(pipeline.vertx().deployVerticle(producer));
                pipeline.deploy(consumers, () -> Handlers.discover(loaded));
                management.watch("producer", producer);
                pipeline.watchedBy(management);
                management.startedUntil(stop.received());
                out.println("Broker on " + broker.bootstrapServers() + ", its data in " + data.toAbsolutePath());
                out.println("Feed topic '" + loaded.topic() + "', or POST to " + producer.url()
                        + "/v1/tasks; read '"
                        + loaded.topics().results() + "' and '"
                        + loaded.topics().deadLetters() + "'");
                out.println("Ctrl-C ends it.");
                out.flush();
                return Service.runUntil(stop, pipeline, out);
            }
        }
    }
}
