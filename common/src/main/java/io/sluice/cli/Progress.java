package io.sluice.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Shows how far a run has come: a bar on a terminal, a line now and then elsewhere. Any thread. */
public final class Progress {
    private static final int WIDTH = 30;
    private static final long PLAIN_NANOS = Duration.ofSeconds(2).toNanos();

    private final PrintWriter out;
    private final boolean terminal;
    private final long total;
    private final long already;
    private final long begin = System.nanoTime();
    private long lastPlain = begin;
    private boolean barShown;

    /**
     * Starts the clock.
     *
     * @param terminal whether a carriage return goes back to the line's beginning
     * @param total how much there is to do; negative if nobody knows
     * @param already how much of it was done before, at no cost of time
     */
    public Progress(PrintWriter out, boolean terminal, long total, long already) {
        this.out = out;
        this.terminal = terminal;
        this.total = total;
        this.already = already;
    }

    /**
     * Shows it, if it is time to.
     *
     * @param done how much of the total
     * @param what the word for it, and what else there is to tell
     */
    public synchronized void show(long done, String what) {
        if (terminal) {
            barShown = true;
            out.print("\r" + bar(done) + text(done, what) + "\u001b[K");
            out.flush();
        } else if (System.nanoTime() - lastPlain >= PLAIN_NANOS) {
            lastPlain = System.nanoTime();
            out.println(text(done, what));
            out.flush();
        }
    }

    private String bar(long done) {
        if (total < 0) {
            return "";
        }
        int full = total == 0 ? WIDTH : (int) (WIDTH * Math.min(done, total) / total);
        return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] ";
    }

    private String text(long done, String what) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        double rate = seconds == 0 ? 0 : (done - already) / seconds;
        String soFar = String.format(Locale.ROOT, "%s %s, %.0f/s", total < 0 ? done : done + "/" + total, what, rate);
        if (total < 0) {
            return soFar;
        }
        return soFar + (rate == 0 ? ", ? left" : String.format(Locale.ROOT, ", %.0f s left", (total - done) / rate));
    }

    /** Says something else, on a line of its own. */
    public synchronized void say(String line) {
        if (barShown) {
            out.print("\r\u001b[K");
        }
        out.println(line);
        out.flush();
    }

    /** What is said next begins a line. */
    public synchronized void end() {
        if (barShown) {
            barShown = false;
            out.println();
            out.flush();
        }
    }
}
