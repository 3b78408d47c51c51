package io.sluice.producer.command;

import io.sluice.cli.UsageFault;
import io.sluice.producer.guard.Token;
import io.sluice.producer.guard.TokenFile;
import io.sluice.settings.SettingsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a token: the secret goes to stdout, everything else to stderr. Main thread. */
@Command(
        name = "token",
        description = {
            "Makes a token for a client of the HTTP intake and prints it to stdout. It is shown only once.",
            "",
            "The file of tokens (producer.tokens-file) has only its name and its hash: --add adds that line, otherwise it"
                    + " is printed to stderr. To withdraw a token, delete its line. A producer that runs takes a change"
                    + " within seconds."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class TokenCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "NAME",
            description = "Whose it is: letters, digits, dots, dashes and underscores. Logs name it, and the source of"
                    + " the tasks.")
    private String name = "";

    @Option(names = "--add", paramLabel = "FILE", description = "Add its line to this file; a new one is yours alone.")
    private @Nullable Path file;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (!Token.isName(name)) {
            throw new UsageFault(
                    "NAME must be 1 to 64 letters, digits, dots, dashes and underscores, the first a letter"
                            + " or a digit");
        }
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        Token token = Token.random();
        tell(command.getErr(), file == null ? "For producer.tokens-file: " + token.line(name) : add(file, token));
        tell(command.getOut(), token.secret());
        return 0;
    }

    private String add(Path file, Token token) {
        try {
            int named = TokenFile.add(file, token, name);
            return "Added to " + file
                    + (named == 1 ? "." : "; it has " + named + " of that name: delete those that are replaced.");
        } catch (SettingsException e) {
            throw new UsageFault(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UsageFault("cannot write " + file + ": " + e.getClass().getSimpleName());
        }
    }

    private static void tell(PrintWriter to, String line) {
        to.println(line);
        to.flush();
    }
}
