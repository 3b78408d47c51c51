package io.sluice.standalone.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one broker, locked while the broker is open.
 *
 * <pre>
 * folder/broker.lock   held by the process that owns the folder
 * folder/kafka/        Kafka's own: meta.properties, the metadata log, a folder per partition
 * </pre>
 *
 * <p>The lock is our own: Kafka takes its lock only after it has opened the metadata log, too late to keep two brokers
 * from writing to it.
 */
final class DataFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);

    static final String LOCK = "broker.lock";

    private final Path folder;
    private final boolean temporary;
    private final FileChannel lock;

    private DataFolder(Path folder, boolean temporary) {
        this.folder = folder;
        this.temporary = temporary;
        this.lock = lock(folder);
    }

    /** A new folder under the system's temporary one, deleted on close; so are those that dead processes have left there. */
    static DataFolder temporary() {
        try {
            new Leftovers(Path.of(System.getProperty("java.io.tmpdir"))).delete();
            String prefix = Leftovers.PREFIX + ProcessHandle.current().pid() + "-";
            return new DataFolder(Files.createTempDirectory(prefix), true);
        } catch (IOException e) {
            throw new BrokerFailed(
                    "No temporary folder for the broker can be made in " + System.getProperty("java.io.tmpdir") + " ("
                            + e + "); free some space there or set -Djava.io.tmpdir to another folder",
                    e);
        }
    }

    /** This folder, made if it is missing, kept on close. */
    static DataFolder at(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
        } catch (FileAlreadyExistsException e) {
            throw new BrokerFailed(
                    "The broker's data folder " + absolute + " cannot be made because " + e.getMessage()
                            + " is a file; choose another folder",
                    e);
        } catch (IOException e) {
            throw notWritable(absolute, e);
        }
        return new DataFolder(absolute, false);
    }

    Path logs() {
        return folder.resolve("kafka");
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("The lock of {} was not released: {}", folder, e.toString());
        }
        if (temporary) {
            delete(folder);
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    private static FileChannel lock(Path folder) {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw notWritable(folder, e);
        }
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("This JVM holds {} already", folder, e);
        } catch (IOException e) {
            closeQuietly(channel);
            throw notWritable(folder, e);
        }
        closeQuietly(channel);
        throw new BrokerFailed(
                "Another broker is using the data folder " + folder + "; stop that one or choose another folder", null);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A lock file did not close", e);
        }
    }

    private static BrokerFailed notWritable(Path folder, IOException e) {
        return new BrokerFailed(
                "The broker's data folder " + folder + " is not writable (" + e
                        + "); change its owner or permissions or choose another folder",
                e);
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> childrenFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : childrenFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The temporary folder {} was not deleted: {}", folder, e.toString());
        }
    }
}
