package io.sluice.producer.form;

/** A line that is no task: {@code urls.txt:17:5: not a URL: "htp:/x"}. The message is all that a user needs. */
public final class BadLine extends Exception {
    public BadLine(String file, long line, int column, String message) {
        super(file + ":" + line + ":" + column + ": " + message);
    }
}
