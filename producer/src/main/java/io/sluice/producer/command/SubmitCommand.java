package io.sluice.producer.command;

import io.sluice.cli.BrokerOption;
import io.sluice.cli.StopSignal;
import io.sluice.cli.UsageFault;
import io.sluice.cli.Waiting;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.submit.ResultFile;
import io.sluice.producer.submit.Submission;
import io.sluice.producer.submit.TaskFile;
import io.sluice.record.NewTask;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
            "A JSON task is {\"type\":…, \"key\":…, \"payload\":{…}}; of these only the payload is required."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all were taken, and with --wait all succeeded",
            "1:some were not taken, or failed for good",
            "2:bad usage",
            "130:interrupted"
        })
public final class SubmitCommand implements Callable<Integer> {
    private static final int CHUNK = 500;
    private static final int INTERRUPTED = 130;

    @Parameters(paramLabel = "FILE|-", description = "The tasks; - is standard input.")
    private String file = "-";

    @Option(names = "--wait", description = "Return when every task is settled.")
    private boolean wait;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "With --wait, write every result there, one JSON object a line.")
    private @Nullable Path out;

    @Mixin
    private BrokerOption settings = new BrokerOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        Settings loaded = settings.load();
        if (out != null && !wait) {
            throw new UsageFault("--out needs --wait, since without it no results are waited for");
        }
        ResultFile.check(out);
        List<NewTask> list = TaskFile.read(file, loaded.defaultType());
        StopSignal stop = StopSignal.listen();
        Vertx vertx = Vertx.vertx();
        try {
            ResultFile results = ResultFile.open(vertx, out);
            Tasks tasks = Tasks.open(vertx, loaded);
            Submission submission = Waiting.on(Submission.open(vertx, loaded, tasks, results::write));
            submitAll(list, submission, stop);
            await(wait ? submission.join() : submission.answered(), stop);
            Waiting.on(tasks.close().compose(closed -> submission.close()).compose(closed -> results.close()));
            return report(list.size(), submission.state(), stop, err);
        } finally {
            Waiting.on(vertx.close());
        }
    }

    private static void submitAll(List<NewTask> list, Submission submission, StopSignal stop) {
        for (int from = 0; from < list.size() && !stop.received().isComplete(); from += CHUNK) {
            await(submission.submit(list.subList(from, Math.min(from + CHUNK, list.size()))), stop);
        }
    }

    private static void await(Future<Void> future, StopSignal stop) {
        Waiting.on(Future.any(future, stop.received()));
    }

    private int report(int submitted, Submission.State state, StopSignal stop, PrintWriter err) {
        err.println(state.taken() + " of " + submitted + " tasks submitted"
                + (wait
                        ? ", " + (state.settled() - state.failed()) + " succeeded, " + state.failed() + " failed"
                        : ""));
        if (state.refused() > 0) {
            err.println(state.refused() + " were not taken: " + state.refusal());
        }
        err.flush();
        if (stop.received().isComplete()) {
            return INTERRUPTED;
        }
        return state.refused() + state.failed() == 0 ? 0 : 1;
    }
}
