package io.sluice.consumer.command;

import io.sluice.cli.BrokerOption;
import io.sluice.record.Pause;
import io.sluice.settings.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What pausing and resuming share: which types, and which broker is told. Main thread. */
final class PauseChange {
    @Mixin
    private BrokerOption settings = new BrokerOption();

    @Parameters(paramLabel = "TYPE", arity = "1..*", description = "The types of the tasks.")
    private List<String> types = List.of();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /**
     * Tells it, and says that it is done; the exit code.
     *
     * @param done the word for it
     * @param change of a type
     */
    int tell(String done, Function<String, Pause> change) {
        PrintWriter out = Objects.requireNonNull(command).commandLine().getErr();
        Settings loaded = settings.load();
        new PauseRecords(loaded).write(types.stream().map(change).toList());
        out.println(done + " on every consumer of '" + loaded.topic() + "': " + String.join(", ", types));
        out.flush();
        return 0;
    }
}
