package io.sluice.producer.form;

import org.jspecify.annotations.Nullable;

/** A text that is no task. The message says what is wrong with it, in one line. */
public final class BadTask extends Exception {
    private final @Nullable String field;
    private final @Nullable String pointer;
    private final int line;
    private final int column;

    /** @param field the one that is wrong, with which the message then starts; null if it is the whole */
    public BadTask(@Nullable String field, String message) {
        this(field, field == null ? message : field + " " + message, null, 0, 1);
    }

    private BadTask(@Nullable String field, String message, @Nullable String pointer, int line, int column) {
        // Whoever sends nonsense by the thousand shall not be paid with a stack trace for each.
        super(message, null, false, false);
        this.field = field;
        this.pointer = pointer;
        this.line = line;
        this.column = column;
    }

    /** A payload that its type's schema refuses; the JSON pointer (RFC 6901) leads to the value inside it. */
    public static BadTask payload(String pointer, String message) {
        return new BadTask("payload", "payload" + pointer + " " + message, pointer, 0, 1);
    }

    /** The same fault at its place in the text, both counted from 1 and the column in characters. */
    public BadTask at(int line, int column) {
        return new BadTask(field, getMessage(), pointer, Math.max(1, line), Math.max(1, column));
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    public @Nullable String field() {
        return field;
    }

    /** Into the payload; null if it is not about that. */
    public @Nullable String pointer() {
        return pointer;
    }

    /** Counted from 1; 0 if it has no place in a text. */
    public int line() {
        return line;
    }

    public int column() {
        return column;
    }
}
