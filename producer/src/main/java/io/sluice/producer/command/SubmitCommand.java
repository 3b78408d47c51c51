package io.sluice.producer.command;

import io.sluice.cli.BrokerOption;
import io.sluice.cli.RootCommand;
import io.sluice.cli.UsageFault;
import io.sluice.producer.submit.SubmitPlan;
import io.sluice.producer.submit.SubmitRun;
import io.sluice.settings.Settings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts the tasks of a file on the topic, and with {@code --wait} joins them. Main thread. */
@Command(
        name = "submit",
        description = {
            "Submits tasks: a URL to fetch, or a task as JSON, a line.",
            "",
            "A JSON task is {\"type\":…, \"key\":…, \"payload\":{…}}; of these only the payload is required. What a line says"
                    + " itself goes over the options. Tasks have ids of the file's content and their line, so that one"
                    + " that is sent again has the same.",
            ""
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all were taken, and with --wait all succeeded",
            "1:some were not taken, were bad lines, failed for good, or have no result yet",
            "2:bad usage, or a bad line",
            "130:interrupted (143 by SIGTERM): --resume sends the rest"
        })
public final class SubmitCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|-", description = "The tasks; - is standard input.")
    private String file = "-";

    @Mixin
    private LineOptions tasks = new LineOptions();

    @Option(names = "--keep-going", description = "Tell bad lines and skip them, rather than send nothing.")
    private boolean keepGoing;

    @Option(names = "--resume", description = "Go on with an earlier submission of the file: send what it did not.")
    private boolean resume;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description = "Where the progress is kept; without it, beside the file, with .sluice-progress at its end.")
    private @Nullable Path journal;

    @Option(names = "--wait", description = "Return when every task is settled.")
    private boolean wait;

    @Option(
            names = "--out",
            paramLabel = "FILE|-",
            description = "With --wait, write every result there, one JSON object a line; - is standard output.")
    private @Nullable Path out;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "With --wait, how long to wait after the last task is sent.")
    private @Nullable String timeout;

    @Mixin
    private BrokerOption settings = new BrokerOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Settings loaded = settings.load();
        if (!wait && (out != null || timeout != null)) {
            throw new UsageFault((out != null ? "--out" : "--timeout")
                    + " needs --wait, since without it no results are waited for");
        }
        SubmitPlan plan = new SubmitPlan(
                loaded,
                file,
                tasks.defaults(loaded.defaultType(), Instant.now()),
                keepGoing,
                new SubmitPlan.Journalling(resume, journal, tasks.given(loaded.defaultType())),
                wait
                        ? new SubmitPlan.Wanted(
                                out, timeout == null ? null : LineOptions.duration("--timeout", timeout))
                        : null);
        return new SubmitRun(plan, Objects.requireNonNull(spec).commandLine().getErr(), RootCommand.isTerminal()).run();
    }
}
