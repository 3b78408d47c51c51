package io.sluice.standalone;

import io.sluice.cli.BrokerOption;
import io.sluice.record.Pause;
import io.sluice.settings.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Resumes types on a broker elsewhere. Main thread. */
@Command(
        name = "resume",
        description = {"Resumes types that were paused, on every consumer of the pipeline."},
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private BrokerOption settings = new BrokerOption();

    @Parameters(paramLabel = "TYPE", arity = "1..*", description = "The types whose tasks may start again.")
    private List<String> types = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getErr();
        Settings loaded = settings.load();
        new PauseRecords(loaded)
                .write(types.stream().map(type -> Pause.end(type)).toList());
        out.println("Resumed on every consumer of '" + loaded.topic() + "': " + String.join(", ", types));
        out.flush();
        return 0;
    }
}
