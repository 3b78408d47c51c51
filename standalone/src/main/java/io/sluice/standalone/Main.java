package io.sluice.standalone;

import io.sluice.cli.Complaint;
import io.sluice.cli.UsageFault;
import io.sluice.producer.command.ProducerCommand;
import io.sluice.producer.command.SubmitCommand;
import io.sluice.producer.command.TokenCommand;
import io.sluice.producer.command.TopicsCommand;
import io.sluice.settings.SettingsException;
import io.sluice.standalone.demo.DemoCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line. Every failure is one line on stderr and an exit code: 1, or 2 for bad usage. */
@Command(
        name = "sluice",
        description = "A message-queue worker pipeline on Apache Kafka and Vert.x.",
        versionProvider = Main.Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            ConsumerCommand.class,
            ProducerCommand.class,
            SubmitCommand.class,
            TokenCommand.class,
            TopicsCommand.class,
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
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((fault, arguments) -> {
                    CommandLine command = fault.getCommandLine();
                    command.getErr().println(fault.getMessage());
                    CommandLine.UnmatchedArgumentException.printSuggestions(fault, command.getErr());
                    command.usage(command.getErr());
                    return 2;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("sluice: " + Complaint.about(failure));
                    return failure instanceof UsageFault || failure instanceof SettingsException ? 2 : 1;
                });
    }

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(),
                "Name a command: demo, up, consumer, producer, submit, token, topics, pause or resume");
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"sluice " + (version == null ? "(not packaged)" : version)};
        }
    }
}
