package io.sluice.producer.command;

import io.sluice.cli.BrokerOption;
import io.sluice.cli.SettingsOption;
import io.sluice.cli.StopSignal;
import io.sluice.cli.Waiting;
import io.sluice.management.Management;
import io.sluice.producer.ProducerVerticle;
import io.sluice.producer.metrics.ProducerMetrics;
import io.sluice.settings.Listen;
import io.sluice.settings.Settings;
import io.sluice.tracing.Tracing;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.net.BindException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** An HTTP intake in front of a broker elsewhere, until a signal. Main thread. */
@Command(
        name = "producer",
        description = "Takes tasks in over HTTP until SIGTERM or Ctrl-C, and answers when the broker has them.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class ProducerCommand implements Callable<Integer> {
    @Mixin
    private BrokerOption settings = new BrokerOption();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The HTTP port, over producer.port of the settings; 0 for any that is free.")
    private @Nullable Integer port;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getErr();
        Settings loaded = settings.load(port == null ? Map.of() : Map.of(SettingsOption.HTTP_PORT, port.toString()));
        StopSignal stop = StopSignal.listen();
        try (Tracing tracing = Tracing.open("sluice-producer");
                Management management = Management.open(loaded.management(), out)) {
            ProducerMetrics metrics = ProducerMetrics.in(management.registry());
            return run(loaded, each -> new ProducerVerticle(each, metrics, tracing), management, stop, out);
        }
    }

    private int run(
            Settings loaded,
            Function<Settings, ProducerVerticle> maker,
            Management management,
            StopSignal stop,
            PrintWriter out) {
        Vertx vertx = management.vertx(new VertxOptions()).build();
        try {
            ProducerVerticle producer = deploy(vertx, loaded, maker, out);
            management.watch("producer", producer);
            management.startedUntil(stop.received());
            out.println("Taking tasks for '" + loaded.topic() + "' at " + producer.url() + "/v1/tasks");
            out.flush();
            Waiting.on(stop.received());
        } finally {
            Waiting.on(vertx.close());
        }
        out.println("Stopped: what was taken in is written.");
        out.flush();
        return 0;
    }

    /** Nobody chose the default port, so that another producer on this machine has it is no fault of theirs. */
    private ProducerVerticle deploy(
            Vertx vertx, Settings loaded, Function<Settings, ProducerVerticle> maker, PrintWriter out) {
        try {
            return deploy(vertx, maker.apply(loaded));
        } catch (RuntimeException taken) {
            int byDefault = Settings.defaults().producer().listen().port();
            Listen chosen = loaded.producer().listen();
            if (!isInUse(taken)
                    || port != null
                    || System.getenv(SettingsOption.HTTP_PORT) != null
                    || !chosen.equals(Settings.defaults().producer().listen())) {
                throw taken;
            }
            out.println("Port " + byDefault + " is in use; taking another one, --port chooses it");
            return deploy(vertx, maker.apply(settings.load(Map.of(SettingsOption.HTTP_PORT, "0"))));
        }
    }

    private static boolean isInUse(RuntimeException failure) {
        return failure.getCause() instanceof BindException;
    }

    private static ProducerVerticle deploy(Vertx vertx, ProducerVerticle producer) {
        Waiting.on(vertx.deployVerticle(producer));
        return producer;
    }
}
