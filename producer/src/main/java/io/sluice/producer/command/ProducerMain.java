package io.sluice.producer.command;

import io.sluice.cli.RootCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line where there is the producer alone, without a broker or a consumer in its class path. */
@Command(
        name = "sluice-producer",
        description = "Puts tasks into a Sluice pipeline, over HTTP or from files, and looks after its topics.",
        versionProvider = RootCommand.Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ProducerCommand.class, SubmitCommand.class, TopicsCommand.class, TokenCommand.class})
public final class ProducerMain implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private ProducerMain() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(RootCommand.of(new ProducerMain()).execute(arguments));
    }

    @Override
    public void run() {
        CommandSpec root = Objects.requireNonNull(spec);
        throw new ParameterException(
                root.commandLine(),
                "Name a command: " + String.join(", ", root.subcommands().keySet()));
    }
}
