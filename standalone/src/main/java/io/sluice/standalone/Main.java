package io.sluice.standalone;

import io.sluice.cli.RootCommand;
import io.sluice.consumer.command.ConsumerCommand;
import io.sluice.consumer.command.PauseCommand;
import io.sluice.consumer.command.ResumeCommand;
import io.sluice.producer.command.ProducerCommand;
import io.sluice.producer.command.SubmitCommand;
import io.sluice.producer.command.TokenCommand;
import io.sluice.producer.command.TopicsCommand;
import io.sluice.standalone.bench.BenchCommand;
import io.sluice.standalone.demo.DemoCommand;
import io.sluice.standalone.demo.SiteCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line where there is everything. */
@Command(
        name = "sluice",
        description = "A message-queue worker pipeline on Apache Kafka and Vert.x.",
        versionProvider = RootCommand.Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            BenchCommand.class,
            SiteCommand.class,
            UpCommand.class,
            ConsumerCommand.class,
            ProducerCommand.class,
            SubmitCommand.class,
            TopicsCommand.class,
            TokenCommand.class,
            PauseCommand.class,
            ResumeCommand.class
        },
        footer = {
            "",
            "Start with:  sluice demo",
            "Then:        sluice up, and feed the topic 'tasks' of localhost:9092 with any Kafka client."
        })
public final class Main implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private Main() {}

    /**
     * Runs a command and exits with its code. Commands leave no thread behind, so the JVM would end without that; but a
     * handler's call that ignores its cancellation must not keep it alive (P7).
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs a command. */
    static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        return RootCommand.of(new Main());
    }

    @Override
    public void run() {
        CommandSpec root = Objects.requireNonNull(spec);
        throw new ParameterException(
                root.commandLine(),
                "Name a command: " + String.join(", ", root.subcommands().keySet()));
    }
}
