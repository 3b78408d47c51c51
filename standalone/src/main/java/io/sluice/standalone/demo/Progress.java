package io.sluice.standalone.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Shows how far a run has come: a bar on a terminal, a line now and then elsewhere. Main thread. */
final class Progress {
    private static final int WIDTH = 30;
    private static final long PLAIN_NANOS = Duration.ofSeconds(2).toNanos();

    private final PrintWriter out;
    private final boolean terminal;
    private final int total;
    private final long begin = System.nanoTime();
    private long lastPlain = begin;

    /** @param terminal whether a carriage return goes back to the line's beginning */
    Progress(PrintWriter out, boolean terminal, int total) {
        this.out = out;
        this.terminal = terminal;
        this.total = total;
    }

    void show(int done, int failed, int inFlight) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        double rate = seconds == 0 ? 0 : done / seconds;
        String timeLeft = rate == 0 ? "?" : String.format(Locale.ROOT, "%.0f s", (total - done) / rate);
        String text = String.format(
                Locale.ROOT,
                "%d/%d done, %d failed, %d in flight, %.0f/s, %s left",
                done,
                total,
                failed,
                inFlight,
                rate,
                timeLeft);
        if (terminal) {
            int full = total == 0 ? WIDTH : (int) ((long) WIDTH * done / total);
            out.print("\r[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] " + text + "\u001b[K");
            out.flush();
        } else if (System.nanoTime() - lastPlain >= PLAIN_NANOS) {
            lastPlain = System.nanoTime();
            out.println(text);
            out.flush();
        }
    }

    void end() {
        if (terminal) {
            out.println();
            out.flush();
        }
    }
}
