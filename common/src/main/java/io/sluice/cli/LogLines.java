package io.sluice.cli;

import java.io.Writer;
import java.util.function.Consumer;

/** Takes what is written apart into lines, each of them an entry of the log. Blank lines are for people only. Any thread. */
final class LogLines extends Writer {
    private final Consumer<String> log;
    private final StringBuilder line = new StringBuilder();

    LogLines(Consumer<String> log) {
        this.log = log;
    }

    @Override
    public void write(char[] text, int from, int length) {
        synchronized (lock) {
            for (int i = from; i < from + length; i++) {
                if (text[i] == '\n' || text[i] == '\r') {
                    entry();
                } else {
                    line.append(text[i]);
                }
            }
        }
    }

    /** A line that has not ended waits for its end. */
    @Override
    public void flush() {}

    @Override
    public void close() {
        synchronized (lock) {
            entry();
        }
    }

    private void entry() {
        String said = line.toString().strip();
        line.setLength(0);
        if (!said.isEmpty()) {
            log.accept(said);
        }
    }
}
