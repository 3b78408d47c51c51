package io.sluice.producer.submit;

import io.sluice.cli.UsageFault;
import io.sluice.producer.client.LineIds;
import io.sluice.producer.form.BadLine;
import io.sluice.producer.form.TaskLines;
import io.sluice.record.NewTask;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * What the first reading of a file finds, before anything is sent. Blocks.
 *
 * @param sha256 of its content
 * @param bytes how many it had then
 * @param tasks how many it has
 * @param ids of all its tasks; empty if they are not to be waited for
 * @param faults the first hundred bad lines
 * @param faultCount how many there are
 */
record FileFacts(String sha256, long bytes, long tasks, Set<String> ids, List<BadLine> faults, long faultCount) {
    /** As long as a file's ids are compared: two of four billion files have the same. */
    static final int PREFIX = 16;

    private static final int NOW_AND_THEN = 10_000;

    /** The beginning of a file, whose hash is known once it has been read to its end. */
    static final class Hashed extends FilterInputStream {
        private final MessageDigest digest;
        private final long most;
        private long count;

        private Hashed(InputStream in, MessageDigest digest, long most) {
            super(new DigestInputStream(in, digest));
            this.digest = digest;
            this.most = most;
        }

        /**
         * Opens it.
         *
         * @param most after so many bytes it ends: what is appended to a file while it is sent is no part of it
         * @throws IOException whose message names the file and what is wrong with it
         */
        static Hashed open(Path file, long most) throws IOException {
            try {
                return new Hashed(TaskLines.stream(file), MessageDigest.getInstance("SHA-256"), most);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (count == most) {
                return -1;
            }
            int read = super.read(buffer, offset, (int) Math.min(length, most - count));
            count += Math.max(0, read);
            return read;
        }

        /** How many bytes have been read. */
        long count() {
            return count;
        }

        /** To be asked once. */
        String sha256() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    /**
     * Reads it.
     *
     * @param checked hears now and then how many tasks have been found so far
     * @throws UsageFault if it cannot be read, names no task, or has a bad line and the plan does not say to keep going
     */
    static FileFacts read(Path file, SubmitPlan plan, LongConsumer checked) {
        BitSet unnamed = new BitSet();
        Set<String> named = new HashSet<>();
        long tasks = 0;
        TaskLines.Rules rules = plan.rules(line -> "");
        try (Hashed in = Hashed.open(file, Long.MAX_VALUE);
                TaskLines lines = new TaskLines(plan.name(), in, rules)) {
            for (NewTask task = lines.next(); task != null; task = lines.next()) {
                if (++tasks % NOW_AND_THEN == 0) {
                    checked.accept(tasks);
                }
                plan.checkAnswered(task, lines.line());
                if (lines.line() > Journal.MOST_LINES) {
                    throw new UsageFault(file + " has more than " + Journal.MOST_LINES + " lines; split it");
                }
                if (task.id().isEmpty()) {
                    unnamed.set((int) lines.line());
                } else if (plan.wanted() != null) {
                    named.add(task.id());
                }
            }
            if (tasks == 0 && lines.faultCount() == 0) {
                throw new UsageFault(file + " names nothing to do");
            }
            String sha256 = in.sha256();
            return new FileFacts(
                    sha256,
                    in.count(),
                    tasks,
                    new LineIds(prefix(sha256), unnamed, named),
                    lines.faults(),
                    lines.faultCount());
        } catch (BadLine | IOException e) {
            throw new UsageFault(String.valueOf(e.getMessage()));
        }
    }

    /** What stands before the number of the line in the ids of a file of this content. */
    static String prefix(String sha256) {
        return sha256.substring(0, PREFIX) + "-";
    }
}
