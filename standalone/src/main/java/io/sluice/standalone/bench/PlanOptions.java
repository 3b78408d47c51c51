package io.sluice.standalone.bench;

import io.sluice.cli.UsageFault;
import io.sluice.settings.Durations;
import io.sluice.standalone.bench.subject.Body;
import io.sluice.standalone.bench.subject.Job;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that say how a workload is to differ from its usual plan. Main thread. */
public final class PlanOptions {
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
            names = "--commit-interval",
            paramLabel = "TIME",
            defaultValue = "100ms",
            description = "Time between commits (${DEFAULT-VALUE}).")
    private String commitInterval = "";

    @Option(names = "--results", description = "Write a result for every task.")
    private boolean results;

    /**
     * What they ask for.
     *
     * @throws UsageFault if one is out of its range, or says something of which none of these workloads has any
     */
    public List<Plan> of(List<Workload> workloads) {
        List<Plan> usual = workloads.stream().map(Workload::plan).toList();
        mustMatter("--work", work, usual, Plan::takesTime);
        mustMatter("--rate", rate, usual, Plan::hasRate);
        return usual.stream().map(this::changed).toList();
    }

    private static void mustMatter(
            String option, @Nullable Object given, List<Plan> plans, Predicate<Plan> knowsWhatToDoWithIt) {
        if (given != null && plans.stream().noneMatch(knowsWhatToDoWithIt)) {
            throw new UsageFault(option + " is " + given + ", but is of no use to "
                    + plans.stream().map(plan -> plan.workload().toString()).collect(Collectors.joining(", "))
                    + "; leave it out, or measure one of "
                    + Arrays.stream(Workload.values())
                            .filter(workload -> knowsWhatToDoWithIt.test(workload.plan()))
                            .map(Workload::toString)
                            .collect(Collectors.joining(", ")));
        }
    }

    private Plan changed(Plan usual) {
        UsageFault.unlessWithin("--bytes", bytes, Body.LEAST, 900_000);
        Plan.Volume volume = new Plan.Volume(
                within("--tasks", tasks, 1, 10_000_000, usual.volume().measured()),
                within("--warm-up", warmUp, 0, 10_000_000, usual.volume().before()),
                usual.hasRate()
                        ? within("--rate", rate, 1, 1_000_000, usual.volume().rate())
                        : 0);
        Plan.Form form =
                new Plan.Form(within("--keys", keys, 1, 10_000_000, usual.form().keys()), bytes);
        if (usual.workload().isPaced() && volume.before() == 0) {
            throw new UsageFault("--warm-up is 0, but " + usual.workload()
                    + " needs at least 1: else the start of the consumer would be measured, too");
        }
        Job.Work its = usual.work();
        Duration usualWork = work == null ? its.usual() : duration("--work", work);
        return new Plan(
                usual.workload(),
                usual.takesTime() ? new Job.Work(usualWork, its.slowEvery(), its.slow()) : its,
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
