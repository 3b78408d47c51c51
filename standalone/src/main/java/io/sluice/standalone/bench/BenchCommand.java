package io.sluice.standalone.bench;

import io.sluice.cli.RootCommand;
import io.sluice.cli.UsageFault;
import io.sluice.record.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads what is to be measured, has it measured, prints the figures. Main thread. */
@Command(
        name = "bench",
        description = {
            "Measures a consumer, in a process of its own, on a Kafka broker in another one.",
            "",
            "A witness counts what ran, and how often. The figures are of this machine: compare them only with others of the"
                    + " same run."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every task ran exactly as often as it should: once; of crash at least once, and again only what ran or had ended since the"
                    + " last commit",
            "1:some did not; the table says which way",
            "2:bad usage"
        })
public final class BenchCommand implements Callable<Integer> {
    /** Whoever asks for more tasks than usual waits for them. */
    private static final Patience PATIENCE = new Patience(Duration.ofMinutes(5), Duration.ofDays(1));

    @Parameters(
            paramLabel = "WORKLOAD",
            arity = "0..*",
            description = "noop, async, blocking, skew, latency, flood, crash, fanout; all of them if none is named.")
    private List<String> workloads = List.of();

    @Mixin
    private final PlanOptions options = new PlanOptions();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "12",
            description = "Partitions of the topic (${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--heap",
            paramLabel = "MB",
            defaultValue = "256",
            description = "Heap of each consumer's JVM (${DEFAULT-VALUE}).")
    private int heap;

    @Option(
            names = "--java-opts",
            paramLabel = "FLAGS",
            defaultValue = "",
            description = "More flags for each consumer's JVM, such as -XX:StartFlightRecording=filename=noop.jfr.")
    private String javaOptions = "";

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            description = "Measure each this often (${DEFAULT-VALUE}).")
    private int repeat;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "A broker of yours, in place of an embedded one; topics named bench-… come and go there.")
    private @Nullable String bootstrap;

    @Option(names = "--json", description = "Print one JSON object for each measurement, on a line of its own.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Plan> plans = plans();
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        PrintWriter err = commandLine.getErr();
        PrintWriter out = commandLine.getOut();
        Program sluice = Program.sluice().with(heap, flags());
        List<Figures> all = new ArrayList<>();
        boolean good = true;
        try (Bench bench = Bench.open(bootstrap, partitions, PATIENCE)) {
            for (int i = 0; i < repeat; i++) {
                for (Plan plan : plans) {
                    for (int consumers : Bench.consumers(plan)) {
                        if (RootCommand.isTerminal()) {
                            err.println("Measuring " + plan.workload() + " …");
                            err.flush();
                        }
                        Figures figures = bench.measure(plan, sluice, consumers);
                        good &= figures.isAsItShould(plan);
                        all.add(figures);
                        if (json) {
                            out.println(Json.mapper().writeValueAsString(figures));
                            out.flush();
                        }
                    }
                }
            }
        } finally {
            // What has been measured is shown, whatever came after it.
            if (!json && !all.isEmpty()) {
                out.print(Table.of(all));
                out.flush();
            }
        }
        return good ? 0 : 1;
    }

    private List<String> flags() {
        return Arrays.stream(javaOptions.split(" ", -1))
                .filter(flag -> !flag.isEmpty())
                .toList();
    }

    private List<Plan> plans() {
        UsageFault.unlessWithin("--partitions", partitions, 1, 1_000);
        UsageFault.unlessWithin("--heap", heap, 64, 65_536);
        UsageFault.unlessWithin("--repeat", repeat, 1, 1_000);
        List<Workload> named = workloads.isEmpty()
                ? List.of(Workload.values())
                : workloads.stream().map(Workload::named).toList();
        List<Plan> plans = options.of(named);
        for (Plan plan : plans) {
            int most = Collections.max(Bench.consumers(plan));
            if (partitions % most != 0) {
                throw new UsageFault("--partitions is " + partitions + ", but the consumers of " + plan.workload()
                        + " share them evenly; give a multiple of " + most);
            }
        }
        return plans;
    }
}
