package io.sluice.producer.form;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.record.Json;
import io.sluice.record.NewTask;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads tasks from a file or stream, one a line and no more of it at a time. A line is a task as JSON, of the form that
 * HTTP takes, or a URL to {@code fetch}: what starts with {@code http://} or {@code https://}, or has no brace. The key
 * of a URL is its host, with the port if it names one that is not its scheme's own. Where a line of JSON is the payload
 * alone, only what starts with a scheme is a URL. Blank lines, and those that start with {@code #}, are skipped.
 *
 * <p>Blocks while it reads, so never on an event loop; one thread.
 */
public final class TaskLines implements AutoCloseable {
    /** As many faults are kept to be shown; the rest is only counted. */
    private static final int FAULTS_KEPT = 100;

    /**
     * How lines become tasks.
     *
     * @param defaults what holds for a line that does not say it itself
     * @param ids makes the id of a task that has none from the number of its line, counted from 1
     * @param keepGoing whether a bad line is noted and skipped, rather than thrown
     * @param check what else a task must stand
     */
    public record Rules(TaskDefaults defaults, LongFunction<String> ids, boolean keepGoing, Check check) {
        public Rules(TaskDefaults defaults, LongFunction<String> ids, boolean keepGoing) {
            this(defaults, ids, keepGoing, (task, line) -> {});
        }
    }

    /** Refuses tasks. */
    public interface Check {
        /** @throws BadTask if the task, from the line of this number, is one that cannot be taken */
        void check(NewTask task, long line) throws BadTask;
    }

    private final String name;
    private final InputStream in;
    private final Lines lines;
    private final Rules rules;
    private final List<BadLine> faults = new ArrayList<>();
    private long faultCount;

    /** @param name what errors call the stream, such as {@code stdin} */
    public TaskLines(String name, InputStream in, Rules rules) {
        this.name = name;
        this.in = in;
        this.lines = new Lines(name, in);
        this.rules = rules;
    }

    /** @throws IOException whose message names the file and what is wrong with it, in one line */
    public static TaskLines open(Path file, Rules rules) throws IOException {
        return new TaskLines(file.toString(), stream(file), rules);
    }

    /** @throws IOException whose message names the file and what is wrong with it, in one line */
    public static InputStream stream(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder, not a file");
        }
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + " may not be read", e);
        }
    }

    /**
     * The next task; null after the last.
     *
     * @throws BadLine if a line is none and the rules do not say to keep going
     * @throws IOException if the stream cannot be read any further
     */
    public @Nullable NewTask next() throws IOException, BadLine {
        return next(true);
    }

    /**
     * The next task if it can be had without waiting for more of the stream; null if not, which need not be the end.
     *
     * @throws BadLine as {@link #next} does
     */
    public @Nullable NewTask nextAtHand() throws IOException, BadLine {
        return next(false);
    }

    private @Nullable NewTask next(boolean waits) throws IOException, BadLine {
        while (waits || lines.hasOneAtHand()) {
            try {
                String line = lines.next();
                if (line == null) {
                    return null;
                }
                String text = line.strip();
                if (!text.isEmpty() && !text.startsWith("#")) {
                    return checked(isUrl(text) ? fetch(line, text) : task(line, text));
                }
            } catch (BadLine e) {
                note(e);
            }
        }
        return null;
    }

    private NewTask checked(NewTask task) throws BadLine {
        try {
            rules.check().check(task, lines.number());
            return task;
        } catch (BadTask e) {
            throw new BadLine(name, lines.number(), 1, e.getMessage());
        }
    }

    private void note(BadLine fault) throws BadLine {
        if (!rules.keepGoing()) {
            throw fault;
        }
        faultCount++;
        if (faults.size() < FAULTS_KEPT) {
            faults.add(fault);
        }
    }

    /** The number of the line that was read last, counted from 1; 0 before the first. */
    public long line() {
        return lines.number();
    }

    /** The first hundred bad lines that were skipped. */
    public List<BadLine> faults() {
        return Collections.unmodifiableList(faults);
    }

    /** How many bad lines were skipped. */
    public long faultCount() {
        return faultCount;
    }

    private boolean isUrl(String text) {
        return hasScheme(text) || (!rules.defaults().bare() && text.indexOf('{') < 0);
    }

    private static boolean hasScheme(String text) {
        return text.regionMatches(true, 0, "http://", 0, 7) || text.regionMatches(true, 0, "https://", 0, 8);
    }

    private NewTask task(String line, String text) throws BadLine {
        TaskDefaults defaults = rules.defaults();
        try {
            byte[] bytes = line.getBytes(UTF_8);
            if (!defaults.bare()) {
                return defaults.complete(
                        TaskForm.read(bytes, defaults.type(), () -> rules.ids().apply(lines.number())));
            }
            JsonText.check(bytes);
            return defaults.complete(
                    NewTask.of(rules.ids().apply(lines.number()), defaults.type(), null, text.getBytes(UTF_8)));
        } catch (BadTask e) {
            throw new BadLine(name, lines.number(), e.column(), e.getMessage());
        }
    }

    private NewTask fetch(String line, String url) throws BadLine {
        int column = line.indexOf(url) + 1;
        String host = hasScheme(url) ? host(url) : null;
        if (host == null) {
            throw new BadLine(name, lines.number(), column, "not a URL: " + Fields.shown(url));
        }
        TaskDefaults defaults = rules.defaults();
        byte[] payload =
                Json.mapper().createObjectNode().put("url", url).toString().getBytes(UTF_8);
        try {
            String key = defaults.key().keyOf(payload);
            return defaults.complete(NewTask.of(
                    rules.ids().apply(lines.number()), defaults.urlType(), key == null ? host : key, payload));
        } catch (BadTask e) {
            throw new BadLine(name, lines.number(), column, e.getMessage());
        }
    }

    /** The resource that a URL uses, {@code host} or {@code host:port}; null if it has none. */
    private static @Nullable String host(String url) {
        try {
            URI uri = new URI(url);
            String host = uri.getHost();
            if (host == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
                return null;
            }
            boolean plain =
                    uri.getPort() < 0 || uri.getPort() == (uri.getScheme().length() == 4 ? 80 : 443);
            return host.toLowerCase(Locale.ROOT) + (plain ? "" : ":" + uri.getPort());
        } catch (URISyntaxException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
