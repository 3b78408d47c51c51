package io.sluice.producer.submit;

import io.sluice.cli.UsageFault;
import io.sluice.producer.form.TaskDefaults;
import io.sluice.producer.form.TaskLines;
import io.sluice.record.NewTask;
import io.sluice.settings.Results;
import io.sluice.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asked for.
 *
 * @param source a file's name, or {@code -} for stdin
 * @param defaults what holds for a line that does not say it itself
 * @param keepGoing whether bad lines are told and skipped
 * @param journalling where the progress is kept
 * @param wanted what is wanted of the results; null if they are not waited for
 */
public record SubmitPlan(
        Settings settings,
        String source,
        TaskDefaults defaults,
        boolean keepGoing,
        Journalling journalling,
        @Nullable Wanted wanted) {
    private static final String SUFFIX = ".sluice-progress";

    /**
     * How the progress is kept.
     *
     * @param resume whether an earlier submission is gone on with
     * @param path null for the place beside the file
     * @param options those that shape tasks, as they were given: the same are needed to resume
     */
    public record Journalling(boolean resume, @Nullable Path path, Map<String, String> options) {}

    /**
     * What is wanted of the results.
     *
     * @param out where they are written; null for nowhere
     * @param timeout how long they are waited for once all is sent; null for as long as it takes
     */
    public record Wanted(@Nullable Path out, @Nullable Duration timeout) {}

    /** What errors call the source. */
    String name() {
        return source.equals("-") ? "stdin" : source;
    }

    /** Null if it can be read only once, as stdin and pipes can: such a source is checked while it is sent. */
    @Nullable
    Path file() {
        Path path = Path.of(source);
        return source.equals("-") || (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path))
                ? null
                : path;
    }

    /** Where the progress of this file is kept. */
    Path journal(Path file) {
        return journalling.path() == null ? file.resolveSibling(file.getFileName() + SUFFIX) : journalling.path();
    }

    @Nullable
    Path out() {
        return wanted == null ? null : wanted.out();
    }

    /** How lines become tasks that can be sent. */
    TaskLines.Rules rules(LongFunction<String> ids) {
        return new TaskLines.Rules(defaults, ids, keepGoing, TaskSize.of(settings)::check);
    }

    /** The topics that must be there. */
    List<String> topics() {
        List<String> topics = new ArrayList<>(List.of(settings.topics().tasks()));
        if (wanted != null) {
            topics.add(settings.topics().results());
        }
        return topics;
    }

    /** @throws UsageFault if the result of this task would be waited for in vain */
    void checkAnswered(NewTask task, long line) {
        if (wanted != null) {
            Results results = settings.type(task.type()).answers().results();
            if (results != Results.ALL) {
                throw new UsageFault(name() + ":" + line + ": --wait would wait for ever, since type " + task.type()
                        + " has results: " + results.name().toLowerCase(Locale.ROOT) + " in the settings");
            }
        }
    }
}
