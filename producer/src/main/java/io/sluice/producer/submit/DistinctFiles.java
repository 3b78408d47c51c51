package io.sluice.producer.submit;

import io.sluice.cli.UsageFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files of one submission, of which each is written in its own way: none may be another. Blocks. */
final class DistinctFiles {
    private DistinctFiles() {}

    /**
     * Looks, and opens none.
     *
     * @param source null if it is a stream, which has no journal and cannot be written over
     * @throws UsageFault if two of them are the same file, by whatever names
     */
    static void check(SubmitPlan plan, @Nullable Path source) {
        if (source == null) {
            return;
        }
        Path journal = plan.journal(source);
        refuseIfSame("FILE", source, "--journal", journal);
        Path out = plan.out();
        if (out != null && !ResultFile.isStdout(out)) {
            refuseIfSame("FILE", source, "--out", out);
            refuseIfSame("--journal", journal, "--out", out);
        }
    }

    private static void refuseIfSame(String option, Path path, String other, Path otherPath) {
        if (areSame(path, otherPath)) {
            throw new UsageFault(option + " (" + path + ") and " + other + " (" + otherPath
                    + ") are the same file, of which one would destroy the other: name another with " + other);
        }
    }

    private static boolean areSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            // One of them is not there yet.
            return placeOf(one).equals(placeOf(other));
        }
    }

    /** Two names of a folder are one place. */
    private static Path placeOf(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        Path name = absolute.getFileName();
        try {
            return folder == null || name == null
                    ? absolute
                    : folder.toRealPath().resolve(name);
        } catch (IOException e) {
            return absolute;
        }
    }
}
