package io.sluice.cli;

import io.sluice.settings.SettingsException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the roots of all command lines share: every failure is one line on stderr and an exit code: 1, or 2 for bad usage. */
public final class RootCommand {
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private RootCommand() {}

    /** @param root annotated as a command, with its subcommands */
    public static CommandLine of(Object root) {
        return new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((fault, arguments) -> {
                    CommandLine command = fault.getCommandLine();
                    command.getErr().println(fault.getMessage());
                    CommandLine.UnmatchedArgumentException.printSuggestions(fault, command.getErr());
                    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'");
                    return BAD_USAGE;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    String name = command.getCommandSpec().root().name();
                    command.getErr().println(name + ": " + Complaint.about(failure));
                    return failure instanceof UsageFault || failure instanceof SettingsException ? BAD_USAGE : FAILED;
                });
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
