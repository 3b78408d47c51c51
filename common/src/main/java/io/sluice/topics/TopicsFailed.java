package io.sluice.topics;

import org.jspecify.annotations.Nullable;

/** A broker cannot be asked about topics, or does not make them. Its message is one line and says what to do. */
public final class TopicsFailed extends RuntimeException {
    public TopicsFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
