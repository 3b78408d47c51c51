package io.sluice.producer.submit;

import io.sluice.cli.UsageFault;
import io.sluice.cli.Waiting;
import io.sluice.record.TaskResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes results to a file, one JSON object a line, without blocking. One event loop. */
public final class ResultFile {
    private final @Nullable AsyncFile file;

    private ResultFile(@Nullable AsyncFile file) {
        this.file = file;
    }

    /** @throws UsageFault if there is no place for such a file; to be asked before anything else is begun */
    public static void check(@Nullable Path path) {
        if (path == null) {
            return;
        }
        Path folder = path.toAbsolutePath().getParent();
        if (Files.isDirectory(path)) {
            throw new UsageFault(path + " is a folder, not a file");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new UsageFault(path + " cannot be written: there is no folder " + folder);
        }
        if (!Files.isWritable(Files.exists(path) ? path : folder)) {
            throw new UsageFault(path + " may not be written");
        }
    }

    /**
     * Opens it, empty.
     *
     * @param path null for a file that swallows what is written
     * @throws UsageFault if it cannot be written
     */
    public static ResultFile open(Vertx vertx, @Nullable Path path) {
        if (path == null) {
            return new ResultFile(null);
        }
        OpenOptions options = new OpenOptions().setCreate(true).setWrite(true).setTruncateExisting(true);
        try {
            return new ResultFile(Waiting.on(vertx.fileSystem().open(path.toString(), options)));
        } catch (RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UsageFault(
                    path + " cannot be written: " + cause.getClass().getSimpleName());
        }
    }

    public void write(List<TaskResult> results) {
        AsyncFile to = file;
        if (to != null) {
            Buffer lines = Buffer.buffer();
            for (TaskResult result : results) {
                lines.appendString(result.toLine()).appendString("\n");
            }
            to.write(lines);
        }
    }

    /** Completes when all of it is written. */
    public Future<Void> close() {
        return file == null ? Future.succeededFuture() : file.close();
    }
}
