package io.sluice.producer.form;

import org.jspecify.annotations.Nullable;

/** A text that is no task. The message says what is wrong with it, in one line. */
public final class BadTask extends Exception {
    private final @Nullable String field;
    private final int line;
    private final int column;

    /** @param field the one that is wrong, with which the message then starts; null if it is the whole */
    public BadTask(@Nullable String field, String message) {
        this(field, field == null ? message : field + " " + message, 1, 1);
    }

    private BadTask(@Nullable String field, String message, int line, int column) {
        super(message);
        this.field = field;
        this.line = line;
        this.column = column;
    }

    /** The same fault at its place in the text, both counted from 1 and the column in characters. */
    public BadTask at(int line, int column) {
        return new BadTask(field, getMessage(), Math.max(1, line), Math.max(1, column));
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    public @Nullable String field() {
        return field;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }
}
