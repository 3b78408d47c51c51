package io.sluice.producer.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cli.UsageFault;
import io.sluice.producer.form.KeyRule;
import io.sluice.producer.form.TaskDefaults;
import io.sluice.settings.SettingsLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked for never destroys a file that was given. */
class DistinctFilesTest {
    private static final String TASKS = "http://h/\n";

    @TempDir
    Path folder;

    private Path source;

    @BeforeEach
    void write() throws IOException {
        source = Files.writeString(folder.resolve("tasks"), TASKS);
    }

    @Test
    void resultsDoNotOverwriteTheTasks() throws Exception {
        refuses(source, null, "FILE", "--out");
        refuses(folder.resolve("nowhere/../tasks"), null, "FILE", "--out");
        refuses(Files.createLink(folder.resolve("hard"), source), null, "FILE", "--out");
        refuses(Files.createSymbolicLink(folder.resolve("soft"), source), null, "FILE", "--out");
    }

    @Test
    void resultsDoNotOverwriteTheProgressAlsoIfItIsNotThereYet() throws Exception {
        refuses(folder.resolve("tasks.sluice-progress"), null, "--journal", "--out");
        refuses(folder.resolve("progress"), folder.resolve("./progress"), "--journal", "--out");
        Path other = Files.createSymbolicLink(folder.resolve("other"), Files.createDirectory(folder.resolve("real")));
        refuses(other.resolve("progress"), folder.resolve("real/progress"), "--journal", "--out");
    }

    @Test
    void theProgressDoesNotOverwriteTheTasks() throws Exception {
        refuses(folder.resolve("results"), source, "FILE", "--journal");
    }

    private void refuses(Path out, @Nullable Path journal, String option, String other) throws IOException {
        SubmitPlan plan = new SubmitPlan(
                SettingsLoader.load(null, Map.of()),
                source.toString(),
                new TaskDefaults("fetch", "fetch", KeyRule.none(), false, null, null),
                false,
                new SubmitPlan.Journalling(false, journal, Map.of()),
                new SubmitPlan.Wanted(out, null));
        PrintWriter err = new PrintWriter(new StringWriter());

        assertThatThrownBy(() -> new SubmitRun(plan, err, false).run())
                .isInstanceOf(UsageFault.class)
                .hasMessageContainingAll(
                        option + " (", other + " (", "are the same file", "name another with " + other);
        assertThat(source).hasContent(TASKS);
    }
}
