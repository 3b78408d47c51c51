package io.sluice.cli;

import io.sluice.settings.SettingsException;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/**
 * What the roots of all command lines share: every failure is one line on stderr and an exit code: 1, or 2 for bad usage. When the log is
 * JSON, all that a command would write to stderr is an entry of the log.
 */
public final class RootCommand {
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private RootCommand() {}

    /** @param root annotated as a command, with its subcommands */
    public static CommandLine of(Object root) {
        // Before anything logs.
        LogChoice.instead(System.getenv()).forEach(System::setProperty);
        boolean json = LogChoice.of(System.getenv()).json();
        CommandLine commandLine = new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionStrategy(parsed -> {
                    try {
                        LogChoice.check(System.getenv());
                    } catch (UsageFault e) {
                        throw new ParameterException(parsed.commandSpec().commandLine(), e.getMessage(), e);
                    }
                    return new RunLast().execute(parsed);
                })
                .setParameterExceptionHandler((fault, arguments) -> {
                    CommandLine command = fault.getCommandLine();
                    complain(command, json, String.valueOf(fault.getMessage()));
                    CommandLine.UnmatchedArgumentException.printSuggestions(fault, command.getErr());
                    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'");
                    return BAD_USAGE;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    String name = command.getCommandSpec().root().name();
                    complain(command, json, name + ": " + Complaint.about(failure));
                    return failure instanceof UsageFault || failure instanceof SettingsException ? BAD_USAGE : FAILED;
                });
        if (json) {
            Logger log = log(commandLine);
            commandLine.setErr(new PrintWriter(new LogLines(log::info), true));
            // Java's own way is a bare stack trace.
            Thread.setDefaultUncaughtExceptionHandler(
                    (thread, failure) -> log.error("Thread {} has ended on a failure", thread.getName(), failure));
        }
        return commandLine;
    }

    /** Whether stderr is a terminal and shows what is written as it is. The launcher knows; Java cannot ask about stderr alone. */
    public static boolean isTerminal() {
        return Boolean.getBoolean("sluice.terminal")
                && !LogChoice.of(System.getenv()).json();
    }

    private static void complain(CommandLine command, boolean json, String what) {
        if (json) {
            log(command).error(what);
        } else {
            command.getErr().println(what);
        }
    }

    private static Logger log(CommandLine command) {
        return LoggerFactory.getLogger(
                command.getCommandSpec().root().userObject().getClass());
    }

    /** The version that the build wrote into the root's jar. */
    public static final class Version implements IVersionProvider {
        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public String[] getVersion() {
            CommandSpec root = Objects.requireNonNull(spec).root();
            String version = root.userObject().getClass().getPackage().getImplementationVersion();
            return new String[] {root.name() + " " + (version == null ? "(not packaged)" : version)};
        }
    }
}
