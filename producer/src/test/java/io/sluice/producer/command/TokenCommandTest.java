package io.sluice.producer.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.UsageFault;
import io.sluice.producer.guard.Token;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TokenCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theTokenIsAllOfStdoutAndItsLineIsOnStderr() {
        assertThat(run("crawler")).isZero();
        Token token = new Token(out.toString().strip());
        assertThat(token.secret()).startsWith("sluice_").hasLineCount(1);
        assertThat(err.toString().strip())
                .isEqualTo("For producer.tokens-file: " + token.line("crawler"))
                .doesNotContain(token.secret());
    }

    @Test
    void theLineIsAddedToTheFileThatIsNamed(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("tokens.txt");
        assertThat(run("crawler", "--add", file.toString())).isZero();
        Token token = new Token(out.toString().strip());
        assertThat(Files.readString(file)).isEqualTo(token.line("crawler") + "\n");
        assertThat(err.toString().strip()).isEqualTo("Added to " + file + ".");

        assertThat(run("crawler", "--add", file.toString())).isZero();
        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(err.toString()).contains("it has 2 of that name");
    }

    @Test
    void aBadNameOrFileIsOneLineAndNoToken(@TempDir Path folder) {
        assertThat(run("a crawler")).isEqualTo(2);
        assertThat(run("crawler", "--add", folder.resolve("no/tokens.txt").toString()))
                .isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("NAME must be"))
                .anyMatch(line -> line.startsWith("cannot write " + folder));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        return new CommandLine(new TokenCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(failure.getMessage());
                    return failure instanceof UsageFault ? 2 : 1;
                })
                .execute(arguments);
    }
}
