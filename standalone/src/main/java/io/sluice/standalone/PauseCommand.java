package io.sluice.standalone;

import io.sluice.cli.BrokerOption;
import io.sluice.record.Pause;
import io.sluice.settings.Settings;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Pauses types on a broker elsewhere. Main thread. */
@Command(
        name = "pause",
        description = {
            "Pauses types on every consumer of the pipeline, until they are resumed: none of their tasks starts, those that run go on.",
            "",
            "A type that no consumer knows (yet) may be paused, too."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class PauseCommand implements Callable<Integer> {
    @Mixin
    private BrokerOption settings = new BrokerOption();

    @Parameters(paramLabel = "TYPE", arity = "1..*", description = "The types whose tasks are to wait.")
    private List<String> types = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getErr();
        Settings loaded = settings.load();
        new PauseRecords(loaded)
                .write(types.stream()
                        .map(type -> Pause.of(type, Instant.now(), System.getProperty("user.name")))
                        .toList());
        out.println("Paused on every consumer of '" + loaded.topic() + "': " + String.join(", ", types));
        out.flush();
        return 0;
    }
}
