package io.sluice.consumer.command;

import io.sluice.cli.RootCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line where there is the consumer alone, without a broker or a producer in its class path. */
@Command(
        name = "sluice-consumer",
        description = "Runs the tasks of a Sluice pipeline, and pauses and resumes their types.",
        versionProvider = RootCommand.Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ConsumerCommand.class, PauseCommand.class, ResumeCommand.class})
public final class ConsumerMain implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private ConsumerMain() {}

    /** Runs a command and exits with its code, also when a handler's call ignores its cancellation (P7). */
    public static void main(String[] arguments) {
        System.exit(RootCommand.of(new ConsumerMain()).execute(arguments));
    }

    @Override
    public void run() {
        CommandSpec root = Objects.requireNonNull(spec);
        throw new ParameterException(
                root.commandLine(),
                "Name a command: " + String.join(", ", root.subcommands().keySet()));
    }
}
