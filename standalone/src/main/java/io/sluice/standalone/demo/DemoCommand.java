package io.sluice.standalone.demo;

import io.sluice.cli.RootCommand;
import io.sluice.cli.StopSignal;
import io.sluice.cli.UsageFault;
import io.sluice.producer.submit.ResultFile;
import io.sluice.record.NewTask;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads what was asked for, runs the demo, prints its summary. Main thread. */
@Command(
        name = "demo",
        description = {
            "Fetches real pages through the whole pipeline, in one JVM: a Kafka broker, a producer, consumers,"
                    + " and a local web site that rate-limits, fails and hangs.",
            "",
            "Every page is a task. Its key is the host, and no host ever sees more connections at once than"
                    + " --per-host, however many consumers there are."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every page was fetched",
            "1:some pages failed for good",
            "2:bad usage",
            "130:interrupted; what was left is said"
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;

    @Option(
            names = "--pages",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Pages to fetch (${DEFAULT-VALUE}).")
    private int pages;

    @Option(
            names = "--hosts",
            paramLabel = "N",
            defaultValue = "4",
            description = "Hosts of the local site (${DEFAULT-VALUE}).")
    private int hosts;

    @Option(
            names = "--per-host",
            paramLabel = "N",
            defaultValue = "10",
            description = "Connections to one host at once, over all consumers (${DEFAULT-VALUE}).")
    private int perHost;

    @Option(
            names = "--consumers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Consumer verticles in one group (${DEFAULT-VALUE}).")
    private int consumers;

    @Option(
            names = "--urls",
            paramLabel = "FILE|-",
            description = "Your own list instead of the local site: one URL a line; - is standard input.")
    private @Nullable String urls;

    @Option(
            names = "--allow",
            paramLabel = "HOSTS",
            defaultValue = "",
            description = "Hosts, addresses or CIDR blocks of your list that may be fetched from although they are not"
                    + " public, with commas between.")
    private String allow = "";

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            defaultValue = "500",
            description = "Timeout of one attempt, in milliseconds (${DEFAULT-VALUE}).")
    private int timeoutMillis;

    @Option(names = "--out", paramLabel = "FILE", description = "Write every result there, one JSON object a line.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print the summary as one JSON object; everything else goes to stderr.")
    private boolean json;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the site's delays and failures (${DEFAULT-VALUE}).")
    private long seed;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        ResultFile.check(out);
        DemoPlan plan = new DemoPlan(workload(), perHost, consumers, Duration.ofMillis(timeoutMillis), out);
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        StopSignal stop = StopSignal.listen();
        DemoSummary summary = new Demo(plan, stop, commandLine.getErr(), RootCommand.isTerminal()).run();
        PrintWriter stdout = commandLine.getOut();
        stdout.println(json ? summary.toJson() : summary.toText());
        stdout.flush();
        if (stop.received().isComplete() && summary.left() > 0) {
            return INTERRUPTED;
        }
        return summary.failed() == 0 && summary.left() == 0 ? 0 : 1;
    }

    private DemoPlan.Workload workload() {
        UsageFault.unlessWithin("--pages", pages, 1, 1_000_000);
        UsageFault.unlessWithin("--hosts", hosts, 1, 1_000);
        UsageFault.unlessWithin("--per-host", perHost, 1, 1_000);
        UsageFault.unlessWithin("--consumers", consumers, 1, 100);
        UsageFault.unlessWithin("--timeout", timeoutMillis, 1, 60_000);
        return urls == null ? new DemoPlan.OwnSite(pages, hosts, seed) : new DemoPlan.UrlList(urlTasks(urls), allow);
    }

    /** A task without a key would have no limit, and one of another type no handler. */
    private static List<NewTask> urlTasks(String list) {
        List<NewTask> tasks = TaskFile.read(list, "fetch");
        if (tasks.stream().anyMatch(task -> task.key() == null || !task.type().equals("fetch"))) {
            throw new UsageFault(list + " has tasks as JSON; the demo takes a list of URLs, one a line");
        }
        return tasks;
    }
}
