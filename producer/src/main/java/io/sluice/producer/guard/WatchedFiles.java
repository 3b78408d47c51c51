package io.sluice.producer.guard;

import io.sluice.settings.Fault;
import io.sluice.settings.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What files say, read again when they change. Looked at every second, off the event loop, by their content: so it does not
 * matter whether they are written in place, renamed over, or behind a link that is turned, as Kubernetes does. While they
 * are faulty or gone, what was read last stays, and the log says so once.
 *
 * @param <T> what they are read as
 */
final class WatchedFiles<T> {
    /** Reads their contents, in the files' order; on a worker thread. */
    interface Reader<T> {
        /** @throws SettingsException in one line that names the file */
        T read(List<byte[]> contents);
    }

    /**
     * @param setting the one that names it
     * @param path where it is
     */
    record Watched(String setting, Path path) {}

    private static final Logger log = LoggerFactory.getLogger(WatchedFiles.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int LARGEST = 1 << 20;

    private final Vertx vertx;
    private final List<Watched> files;
    private final Reader<T> reader;
    private List<byte[]> contents = List.of();
    private T value;
    private @Nullable String fault;
    private @Nullable String said;
    private long timer = -1;
    private boolean closed;

    private WatchedFiles(Vertx vertx, List<Watched> files, Reader<T> reader) {
        this.vertx = vertx;
        this.files = List.copyOf(files);
        this.reader = reader;
        this.contents = readAll();
        this.value = reader.read(contents);
    }

    /** Reads them; fails with a {@link SettingsException} if that cannot be done. From the event loop that uses them. */
    static <T> Future<WatchedFiles<T>> open(Vertx vertx, List<Watched> files, Reader<T> reader) {
        return vertx.executeBlocking(() -> new WatchedFiles<>(vertx, files, reader), false);
    }

    /** What they said when they were last in order. Event loop. */
    T value() {
        return value;
    }

    /** From now on {@code changed} gets what they say whenever that is new and in order. Event loop. */
    void watch(Consumer<T> changed) {
        timer = vertx.setTimer(
                EVERY.toMillis(),
                now -> vertx.executeBlocking(this::changed, false)
                        .onComplete(
                                fresh -> {
                                    if (fresh != null && !closed) {
                                        value = fresh;
                                        changed.accept(fresh);
                                    }
                                    watchOn(changed);
                                },
                                failure -> {
                                    log.error("{} could not be looked at", paths(), failure);
                                    watchOn(changed);
                                }));
    }

    private void watchOn(Consumer<T> changed) {
        if (!closed) {
            watch(changed);
        }
    }

    void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }

    /** On a worker thread, one look after the other. Null when there is nothing new, or what is new is faulty. */
    private @Nullable T changed() {
        try {
            List<byte[]> now = readAll();
            if (same(now, contents)) {
                fault = null;
                said = null;
                return null;
            }
            T fresh = reader.read(now);
            contents = now;
            fault = null;
            said = null;
            log.info("{} changed and is in force", paths());
            return fresh;
        } catch (SettingsException e) {
            complain(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** A fault that is there twice is one: files that are just being replaced are for a moment none, or do not match. */
    private void complain(String message) {
        if (message.equals(fault) && !message.equals(said)) {
            log.warn("{}; what was read before stays in force", message);
            said = message;
        }
        fault = message;
    }

    private List<byte[]> readAll() {
        List<byte[]> read = new ArrayList<>();
        for (Watched each : files) {
            read.add(read(each));
        }
        return read;
    }

    private static byte[] read(Watched file) {
        try (InputStream in = Files.newInputStream(file.path)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw unreadable(file, "has more than " + LARGEST + " bytes");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw unreadable(file, "is not there");
        } catch (IOException e) {
            throw unreadable(file, "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static SettingsException unreadable(Watched file, String why) {
        return new SettingsException(List.of(new Fault(file.setting, null, file.path + " " + why)));
    }

    private static boolean same(List<byte[]> a, List<byte[]> b) {
        for (int i = 0; i < a.size(); i++) {
            if (!Arrays.equals(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private String paths() {
        return String.join(
                " with ", files.stream().map(each -> each.path.toString()).toList());
    }
}
