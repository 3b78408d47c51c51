package io.sluice.producer.command;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The topics of a pipeline on a broker elsewhere. */
@Command(
        name = "topics",
        description = {
            "Creates and checks the topics of the pipeline.",
            "",
            "They are named after the one that the settings name: tasks, tasks.delay.10s, … More partitions for topics that"
                    + " are there move keys from one to another: drain the pipeline first."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TopicsCreateCommand.class, TopicsCheckCommand.class})
public final class TopicsCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(), "Name a command: topics create or topics check");
    }
}
