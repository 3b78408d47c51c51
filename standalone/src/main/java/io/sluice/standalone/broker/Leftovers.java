package io.sluice.standalone.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders of temporary brokers whose process was killed before it could delete them.
 *
 * <p>Two things must say so, for each alone may err: no process has the number in the folder's name (but it may be one of
 * another container that shares the folder), and the folder's lock is free (but it is, for a moment, before its owner takes
 * it). The name is looked at first, also because a POSIX lock goes as soon as its own process has opened and closed the file
 * once more.
 */
record Leftovers(Path parent) {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    /** Then come the owner's process id, a dash, and what makes the name unique. */
    static final String PREFIX = "sluice-broker-";

    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{1,18})-.+");

    /** Deletes them. What cannot be deleted is left, without a word: this is housekeeping. */
    void delete() {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                if (isOfADeadProcess(folder) && isUnlocked(folder.resolve(DataFolder.LOCK))) {
                    DataFolder.delete(folder);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("Leftovers in {} were not looked for", parent, e);
        }
    }

    private static boolean isOfADeadProcess(Path folder) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        return name.matches()
                && Files.isDirectory(folder)
                && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty();
    }

    private static boolean isUnlocked(Path file) {
        try (FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return lock.tryLock() != null;
        } catch (IOException | OverlappingFileLockException e) {
            LOG.debug("{} may be in use", file, e);
            return false;
        }
    }
}
