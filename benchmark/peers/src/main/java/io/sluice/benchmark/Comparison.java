package io.sluice.benchmark;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sluice.cli.RootCommand;
import io.sluice.cli.UsageFault;
import io.sluice.record.Json;
import io.sluice.standalone.bench.Bench;
import io.sluice.standalone.bench.Figures;
import io.sluice.standalone.bench.Patience;
import io.sluice.standalone.bench.Plan;
import io.sluice.standalone.bench.PlanOptions;
import io.sluice.standalone.bench.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
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

/** Reads what is to be compared, has it measured, prints the figures. Main thread. */
@Command(
        name = "benchmark/run",
        description = {
            "Measures Sluice and others in turn, each in a fresh JVM, on one Kafka broker in a process of its own.",
            "",
            "Leave the machine alone meanwhile, and compare figures only with others of the same run."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Sluice ran every task exactly as often as it should, whatever others did",
            "1:it did not, or was not measured to the end",
            "2:bad usage"
        })
public final class Comparison implements Callable<Integer> {
    /** Longer than a group waits for a member that was killed. */
    private static final Duration STILL = Duration.ofSeconds(75);

    /** As `benchmark/run` says it. */
    private static final String PARALLEL_CONSUMER = "parallel-consumer.class.path";

    private static final ObjectWriter JSON = Json.mapper().writer(SerializationFeature.WRITE_ENUMS_USING_TO_STRING);

    @Parameters(
            paramLabel = "WORKLOAD",
            arity = "0..*",
            description = "noop, async, blocking, skew, latency, crash: measured if none is named; flood, fanout.")
    private List<String> workloads = List.of("noop", "async", "blocking", "skew", "latency", "crash");

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "${COMPLETION-CANDIDATES}; without it, all that can do the workload.")
    private List<Contender> contenders = List.of(Contender.values());

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Measure all of it this often, one round after the other (${DEFAULT-VALUE}).")
    private int repetitions;

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
            defaultValue = "512",
            description = "Heap of each consumer's JVM (${DEFAULT-VALUE}).")
    private int heap;

    @Option(
            names = "--sluice-heap",
            paramLabel = "MB",
            defaultValue = "256",
            description = "Heap of Sluice's JVM (${DEFAULT-VALUE}).")
    private int sluiceHeap;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "180",
            description = "Whoever is not done by then has failed (${DEFAULT-VALUE}).")
    private int patience;

    @Option(names = "--json", description = "Print one JSON object for each measurement, on a line of its own.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(RootCommand.of(new Comparison()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        UsageFault.unlessWithin("--repetitions", repetitions, 1, 1_000);
        UsageFault.unlessWithin("--partitions", partitions, 1, 1_000);
        UsageFault.unlessWithin("--heap", heap, 64, 65_536);
        UsageFault.unlessWithin("--sluice-heap", sluiceHeap, 64, 65_536);
        UsageFault.unlessWithin("--patience", patience, 1, 86_400);
        List<Plan> plans = options.of(workloads.stream().map(Workload::named).toList());
        PrintWriter out = commandLine().getOut();
        List<Measurement> all = new ArrayList<>();
        boolean good = true;
        try (Bench bench = Bench.open(null, partitions, new Patience(STILL, Duration.ofSeconds(patience)))) {
            for (int repetition = 1; repetition <= repetitions; repetition++) {
                for (Plan plan : plans) {
                    for (Contender contender : inTurn(repetition)) {
                        if (contender.supports(plan)) {
                            Measurement measurement = measure(bench, repetition, plan, contender);
                            good &= contender != Contender.SLUICE || isAsItShould(measurement, plan);
                            all.add(measurement);
                            if (json) {
                                out.println(JSON.writeValueAsString(measurement));
                                out.flush();
                            }
                        }
                    }
                }
            }
        } finally {
            // What has been measured is shown, whatever came after it.
            if (!json && !all.isEmpty()) {
                out.print(Results.of(all));
                out.flush();
            }
        }
        return good ? 0 : 1;
    }

    /** Another one comes first each time: load and broker are less warm for that one. */
    private List<Contender> inTurn(int repetition) {
        List<Contender> turned = new ArrayList<>(contenders);
        Collections.rotate(turned, 1 - repetition);
        return turned;
    }

    private Measurement measure(Bench bench, int repetition, Plan plan, Contender contender) throws IOException {
        PrintWriter err = commandLine().getErr();
        err.println(
                "Measuring " + plan.workload() + " by " + contender + ", " + repetition + " of " + repetitions + " …");
        err.flush();
        try {
            Figures figures = bench.measure(
                    plan,
                    contender
                            .program(System.getProperty(PARALLEL_CONSUMER, ""))
                            .with(contender == Contender.SLUICE ? sluiceHeap : heap, List.of()),
                    1);
            return Measurement.of(repetition, plan.workload(), contender, figures);
        } catch (IllegalStateException failure) {
            return Measurement.failed(repetition, plan.workload(), contender, String.valueOf(failure.getMessage()));
        }
    }

    private static boolean isAsItShould(Measurement measurement, Plan plan) {
        return measurement.figures() != null && measurement.figures().isAsItShould(plan);
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }
}
