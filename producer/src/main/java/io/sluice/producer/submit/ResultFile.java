package io.sluice.producer.submit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.cli.UsageFault;
import io.sluice.record.TaskResult;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where results are written, one JSON object a line: a file, or stdout for {@code -}. Blocks; one thread at a time. */
public final class ResultFile implements AutoCloseable {
    private final String name;
    private final OutputStream out;
    private volatile @Nullable String failure;

    private ResultFile(String name, OutputStream out) {
        this.name = name;
        this.out = out;
    }

    /** @throws UsageFault if there is no place for such a file; to be asked before anything else is begun */
    public static void check(@Nullable Path path) {
        if (path == null || isStdout(path)) {
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

    static boolean isStdout(Path path) {
        return path.toString().equals("-");
    }

    /**
     * Opens it, empty.
     *
     * @param path null for one that swallows what is written
     * @throws UsageFault if it cannot be written
     */
    public static ResultFile open(@Nullable Path path) {
        if (path == null) {
            return new ResultFile("", OutputStream.nullOutputStream());
        }
        if (isStdout(path)) {
            // Not System.out, which keeps its errors to itself.
            return new ResultFile("stdout", new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        }
        try {
            return new ResultFile(path.toString(), new BufferedOutputStream(Files.newOutputStream(path)));
        } catch (IOException e) {
            throw new UsageFault(path + " cannot be written: " + Reasons.of(e));
        }
    }

    /** Writes results; after a failure, nothing. */
    public void write(List<TaskResult> results) {
        try {
            if (failure == null) {
                for (TaskResult result : results) {
                    out.write(result.toLine().getBytes(UTF_8));
                    out.write('\n');
                }
                out.flush();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void fail(IOException cause) {
        failure = "the results cannot be written to " + name + ": " + Reasons.of(cause);
    }

    /** Why it writes no more; null while it does. From any thread. */
    public @Nullable String failure() {
        return failure;
    }

    /** Whether all of it is written, {@link #failure} says. */
    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            fail(e);
        }
    }
}
