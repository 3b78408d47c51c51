package io.sluice.standalone.demo;

import io.sluice.cli.UsageFault;
import io.sluice.producer.form.BadLine;
import io.sluice.producer.form.TaskDefaults;
import io.sluice.producer.form.TaskLines;
import io.sluice.record.NewTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A list of URLs, or of tasks as JSON, that somebody names on the command line: a file, or {@code -} for stdin. */
final class TaskFile {
    private TaskFile() {}

    /**
     * Reads it whole.
     *
     * @throws UsageFault if it cannot be read, has a bad line, or is empty; the message names file, line and column
     */
    static List<NewTask> read(String name, String defaultType) {
        // Two files may be submitted at once, and one file twice: each has results of its own.
        String run = UUID.randomUUID().toString();
        TaskLines.Rules rules = new TaskLines.Rules(TaskDefaults.of(defaultType), line -> run + "-" + line, false);
        try (TaskLines lines =
                name.equals("-") ? new TaskLines("stdin", System.in, rules) : TaskLines.open(Path.of(name), rules)) {
            List<NewTask> tasks = new ArrayList<>();
            for (NewTask task = lines.next(); task != null; task = lines.next()) {
                tasks.add(task);
            }
            if (tasks.isEmpty()) {
                throw new UsageFault(name + " names nothing to do");
            }
            return tasks;
        } catch (BadLine | IOException e) {
            throw new UsageFault(String.valueOf(e.getMessage()));
        }
    }
}
