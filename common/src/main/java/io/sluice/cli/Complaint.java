package io.sluice.cli;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What a person is told of a failure: its message, never its stack trace. */
public final class Complaint {
    private Complaint() {}

    public static String about(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message != null && explainsItself(cause) ? message : cause.toString();
    }

    /** Our own failures do, and an illegal state that we throw; of any other the kind is half of the message. */
    private static boolean explainsItself(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        return cause.getClass().getName().startsWith("io.sluice.")
                || (cause instanceof IllegalStateException
                        && trace.length > 0
                        && trace[0].getClassName().startsWith("io.sluice."));
    }
}
