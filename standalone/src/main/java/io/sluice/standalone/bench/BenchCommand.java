package io.sluice.standalone.bench;

import io.sluice.cli.RootCommand;
import io.sluice.cli.UsageFault;
import io.sluice.record.Json;
import io.sluice.settings.Durations;
import io.sluice.standalone.bench.subject.Body;
import io.sluice.standalone.bench.subject.Job;
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
            "0:every task ran exactly as often as it should",
            "1:some did not; the table says which way",
            "2:bad usage"
        })
public final class BenchCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "WORKLOAD",
            arity = "0..*",
            description = "noop, async, blocking, skew, latency, flood, crash, fanout; all of them if none is named.")
    private List<String> workloads = List.of();

    @Option(names = "--tasks", paramLabel = "N", description = "Tasks that count (each workload has its own default).")
    private @Nullable Integer tasks;

    @Option(names = "--warm-up", paramLabel = "N", description = "Tasks before them; of flood: the flood.")
    private @Nullable Integer warmUp;

    @Option(names = "--work", paramLabel = "TIME", description = "How long a task takes: 10ms; 100ms for fanout.")
    private @Nullable String work;

    @Option(names = "--in-flight", paramLabel = "N", description = "Tasks at once in each consumer.")
    private @Nullable Integer inFlight;

    @Option(names = "--rate", paramLabel = "N", description = "Tasks a second, for skew, latency and flood.")
    private @Nullable Integer rate;

    @Option(names = "--keys", paramLabel = "N", description = "Different keys (10000; 100 for flood).")
    private @Nullable Integer keys;

    @Option(
            names = "--bytes",
            paramLabel = "N",
            defaultValue = "200",
            description = "Size of a task's JSON (${DEFAULT-VALUE}).")
    private int bytes;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "12",
            description = "Partitions of the topic (${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--commit-interval",
            paramLabel = "TIME",
            defaultValue = "100ms",
            description = "Time between commits (${DEFAULT-VALUE}).")
    private String commitInterval = "";

    @Option(names = "--results", description = "Write a result for every task.")
    private boolean results;

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
        List<Figures> all = new ArrayList<>();
        boolean good = true;
        try (Bench bench = Bench.open(bootstrap, partitions, heap, flags())) {
            for (int i = 0; i < repeat; i++) {
                for (Plan plan : plans) {
                    for (int consumers : Bench.consumers(plan)) {
                        if (RootCommand.isTerminal()) {
                            err.println("Measuring " + plan.workload() + " …");
                            err.flush();
                        }
                        Figures figures = bench.measure(plan, Program.sluice(), consumers);
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
        UsageFault.unlessWithin("--bytes", bytes, Body.LEAST, 900_000);
        List<Workload> named = workloads.isEmpty()
                ? List.of(Workload.values())
                : workloads.stream().map(Workload::named).toList();
        List<Plan> plans = named.stream().map(workload -> plan(workload.plan())).toList();
        for (Plan plan : plans) {
            int most = Collections.max(Bench.consumers(plan));
            if (partitions % most != 0) {
                throw new UsageFault("--partitions is " + partitions + ", but the consumers of " + plan.workload()
                        + " share them evenly; give a multiple of " + most);
            }
        }
        return plans;
    }

    private Plan plan(Plan usual) {
        Plan.Volume volume = new Plan.Volume(
                within("--tasks", tasks, 1, 10_000_000, usual.volume().measured()),
                within("--warm-up", warmUp, 0, 10_000_000, usual.volume().before()),
                within("--rate", rate, 1, 1_000_000, usual.volume().rate()));
        Plan.Form form =
                new Plan.Form(within("--keys", keys, 1, 10_000_000, usual.form().keys()), bytes);
        Job.Work its = usual.work();
        Duration usualWork = work == null ? its.usual() : duration("--work", work);
        boolean hasWork = !its.usual().isZero();
        return new Plan(
                usual.workload(),
                hasWork ? new Job.Work(usualWork, its.slowEvery(), its.slow()) : its,
                volume,
                form,
                within("--in-flight", inFlight, 1, 100_000, usual.inFlight()),
                new Plan.Promises(duration("--commit-interval", commitInterval), results));
    }

    private static int within(String option, @Nullable Integer given, int least, int most, int usual) {
        if (given == null) {
            return usual;
        }
        UsageFault.unlessWithin(option, given, least, most);
        return given;
    }

    private static Duration duration(String option, String text) {
        return Durations.parse(text)
                .filter(time -> time.compareTo(Duration.ofMillis(1)) >= 0 && time.compareTo(Duration.ofMinutes(1)) <= 0)
                .orElseThrow(() ->
                        new UsageFault(option + " is '" + text + "', but must be a time such as 10ms, from 1ms to 1m"));
    }
}
