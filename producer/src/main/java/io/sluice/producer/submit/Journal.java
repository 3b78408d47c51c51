package io.sluice.producer.submit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.sluice.cli.UsageFault;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of a file the broker has, in a file of its own: only ever appended to, locked while it is open, and deleted
 * when nothing is left to do. A text, so that people can read it:
 *
 * <pre>
 * sluice-progress 1 {"sha256":"…","cluster":"…","topic":"tasks","options":{…},"started":"…","tasks":50000}⏎
 * 1-500⏎        lines 1 to 500, both included, have been acknowledged
 * 512⏎          and line 512
 * 501-511⏎      in the order in which acknowledgements came
 * 513-7         what has no end was being written when the process was killed: it does not count
 * </pre>
 *
 * <p>It is never forced to the disk but for its first line: a process that is killed loses nothing that was written, and
 * when the machine itself fails, what the file lacks is sent again, with the same ids. Blocks; one thread at a time.
 */
final class Journal implements AutoCloseable {
    /** A bit set's. */
    static final int MOST_LINES = Integer.MAX_VALUE - 1;

    private static final String MAGIC = "sluice-progress 1 ";
    private static final int LONGEST_LINE = 1 << 20;
    private static final Pattern ENTRY = Pattern.compile("([1-9]\\d{0,9})(?:-([1-9]\\d{0,9}))?");

    /** What is there: the header, the lines, and how many bytes of the file say so. */
    private record Content(JournalHeader header, BitSet lines, long length) {}

    private final Path path;
    private final FileChannel channel;
    private JournalHeader header;
    private BitSet sent = new BitSet();
    private boolean empty = true;

    private Journal(Path path, FileChannel channel, JournalHeader header) {
        this.path = path;
        this.channel = channel;
        this.header = header;
    }

    /**
     * Looks before anything else is done.
     *
     * @throws UsageFault if an earlier submission left one and this one is not to resume it, or there is none to resume
     */
    static void check(Path path, boolean resume) {
        Optional<Content> content = Optional.empty();
        try (FileChannel channel = open(path, READ, WRITE)) {
            content = read(path, channel);
        } catch (NoSuchFileException e) {
            // As it should be, unless there is something to resume.
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        if (resume && content.isEmpty()) {
            throw nothingToResume(path);
        }
        if (!resume) {
            content.ifPresent(earlier -> refuseToForget(path, earlier));
        }
    }

    /** One that says of no line that it was sent is no loss. */
    private static void refuseToForget(Path path, Content content) {
        long done = content.lines().cardinality();
        long all = content.header().tasks();
        if (done > 0) {
            throw new UsageFault("an earlier submission of this file came to " + done + " of " + all
                    + " tasks: --resume " + (done < all ? "sends the rest" : "waits for their results") + "; delete "
                    + path
                    + " to submit everything anew");
        }
    }

    /** @throws UsageFault if it cannot be written, or there is one */
    static Journal begin(Path path, JournalHeader header) {
        return opened(path, header, false, READ, WRITE, CREATE);
    }

    /** @throws UsageFault if there is none, or it was begun with something else than this header says */
    static Journal resume(Path path, JournalHeader header) {
        return opened(path, header, true, READ, WRITE);
    }

    private static Journal opened(Path path, JournalHeader header, boolean resume, OpenOption... options) {
        @Nullable FileChannel channel = null;
        try {
            channel = open(path, options);
            Journal journal = new Journal(path, channel, header);
            Optional<Content> content = read(path, channel);
            if (resume) {
                journal.goOn(content.orElseThrow(() -> nothingToResume(path)));
            } else {
                content.ifPresent(earlier -> refuseToForget(path, earlier));
                journal.start();
            }
            return journal;
        } catch (IOException e) {
            close(channel);
            throw resume && e instanceof NoSuchFileException ? nothingToResume(path) : unwritable(path, e);
        } catch (UsageFault e) {
            close(channel);
            throw e;
        }
    }

    private void start() throws IOException {
        channel.truncate(0);
        write(MAGIC + header.toJson() + "\n");
        channel.force(true);
    }

    private void goOn(Content content) throws IOException {
        List<String> differences = header.differences(content.header());
        if (!differences.isEmpty()) {
            throw new UsageFault(path + " is of another submission: " + String.join("; ", differences)
                    + ". Resume with what it was begun with, or delete it to submit everything anew");
        }
        header = content.header();
        sent = content.lines();
        empty = sent.isEmpty();
        // What is appended must not continue an entry that was torn off.
        channel.truncate(content.length());
        channel.position(content.length());
    }

    /** The lines that need not be sent; as they were when it was opened. */
    BitSet sent() {
        return sent;
    }

    /** When the submission began, which may be a run or more ago. */
    Instant started() {
        return header.started();
    }

    /**
     * Adds lines.
     *
     * @param lines in rising order, as many as count says
     * @throws IOException if they cannot be written
     */
    void append(int[] lines, int count) throws IOException {
        StringBuilder entries = new StringBuilder();
        for (int i = 0; i < count; ) {
            int first = i;
            while (i + 1 < count && lines[i + 1] == lines[i] + 1) {
                i++;
            }
            entries.append(lines[first]);
            if (i > first) {
                entries.append('-').append(lines[i]);
            }
            entries.append('\n');
            i++;
        }
        empty = false;
        write(entries.toString());
    }

    private void write(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Nothing is left to do. */
    void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    /** Deletes one that says of no line that it was sent. */
    @Override
    public void close() {
        try {
            if (empty) {
                delete();
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        } finally {
            close(channel);
        }
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // All that matters was written before.
        }
    }

    private static FileChannel open(Path path, OpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(path, Set.of(options));
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Another submission in this JVM.
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        if (!locked) {
            throw new UsageFault("another process is submitting this file: it holds " + path);
        }
        return channel;
    }

    /** Empty if the process that began it was killed before it could send anything. */
    private static Optional<Content> read(Path path, FileChannel channel) throws IOException {
        channel.position(0);
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        @Nullable JournalHeader header = null;
        BitSet lines = new BitSet();
        long length = 0;
        for (int next = in.read(); next >= 0 && line.size() < LONGEST_LINE; next = in.read()) {
            if (next != '\n') {
                line.write(next);
                continue;
            }
            if (header == null) {
                header = header(path, line.toString(UTF_8));
            } else if (!entry(line.toString(US_ASCII), lines)) {
                // Whatever wrote that, what follows cannot be trusted; to leave it out only repeats.
                break;
            }
            length += line.size() + 1;
            line.reset();
        }
        if (header != null) {
            return Optional.of(new Content(header, lines, length));
        }
        String torn = line.toString(UTF_8);
        if (torn.startsWith(MAGIC) || MAGIC.startsWith(torn)) {
            return Optional.empty();
        }
        throw foreign(path);
    }

    private static JournalHeader header(Path path, String line) {
        return Optional.of(line)
                .filter(text -> text.startsWith(MAGIC))
                .flatMap(text -> JournalHeader.read(text.substring(MAGIC.length())))
                .orElseThrow(() -> foreign(path));
    }

    private static boolean entry(String text, BitSet lines) {
        Matcher entry = ENTRY.matcher(text);
        if (!entry.matches()) {
            return false;
        }
        long first = Long.parseLong(entry.group(1));
        long last = entry.group(2) == null ? first : Long.parseLong(entry.group(2));
        if (last < first || last > MOST_LINES) {
            return false;
        }
        lines.set((int) first, (int) last + 1);
        return true;
    }

    private static UsageFault nothingToResume(Path path) {
        return new UsageFault("there is nothing to resume: no submission has left " + path
                + ". Leave out --resume to submit everything");
    }

    private static UsageFault foreign(Path path) {
        return new UsageFault(path
                + " was not written by this version of submit; move it away, or name another file with" + " --journal");
    }

    private static UsageFault unwritable(Path path, IOException cause) {
        return new UsageFault("the progress cannot be written to " + path + " (" + Reasons.of(cause)
                + "); name a file that can be with --journal");
    }
}
