package io.sluice.standalone;

import io.sluice.cli.BrokerOption;
import io.sluice.cli.StopSignal;
import io.sluice.cli.UsageFault;
import io.sluice.consumer.handlers.Handlers;
import io.sluice.management.Management;
import io.sluice.settings.Settings;
import io.sluice.standalone.pipeline.LocalPipeline;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Consumers of a broker elsewhere, until a signal. Main thread. */
@Command(
        name = "consumer",
        description =
                "Runs consumers until SIGTERM or Ctrl-C, which drains them. Start it again elsewhere to run more.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ConsumerCommand implements Callable<Integer> {
    @Mixin
    private BrokerOption settings = new BrokerOption();

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
        UsageFault.unlessWithin("--consumers", consumers, 1, 100);
        Settings loaded = settings.load();
        StopSignal stop = StopSignal.listen();
        try (Management management = Management.open(loaded.management(), out);
                LocalPipeline pipeline = new LocalPipeline(
                        loaded, management.vertx(new VertxOptions()).build())) {
            pipeline.deploy(consumers, () -> Handlers.discover(loaded));
            pipeline.watchedBy(management);
            management.startedUntil(stop.received());
            out.println(
                    "Consuming '" + loaded.topic() + "' of " + loaded.kafka().get("bootstrap.servers") + " as group '"
                            + loaded.consumer().group() + "'");
            out.flush();
            return Service.runUntil(stop, pipeline, out);
        }
    }
}
