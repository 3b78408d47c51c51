package io.sluice.consumer.engine;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Looks inside the exceptions that say nothing themselves but that another one was thrown elsewhere. */
final class Causes {
    /** Deep enough for any that was not built to go round in a circle. */
    private static final int DEEPEST = 20;

    private Causes() {}

    /** What a handler threw, whatever futures it came through. */
    static Throwable unwrap(Throwable failure) {
        Throwable inner = failure;
        for (int depth = 0; depth < DEEPEST; depth++) {
            @Nullable
            Throwable cause = inner instanceof CompletionException || inner instanceof ExecutionException
                    ? inner.getCause()
                    : null;
            if (cause == null) {
                return inner;
            }
            inner = cause;
        }
        return inner;
    }
}
