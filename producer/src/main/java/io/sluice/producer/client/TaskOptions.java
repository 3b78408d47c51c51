package io.sluice.producer.client;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What may be said of a task besides its type, key and payload. Immutable: each method gives a copy.
 *
 * <pre>{@code
 * tasks.submit("mail", customer, mail, TaskOptions.none().id("order-17").delay(Duration.ofMinutes(5)));
 * }</pre>
 *
 * @param id by which the result is found; null for a random one
 * @param notBefore when the task is due; null for at once
 * @param expiry from when on it must not start any more; null for never
 */
public record TaskOptions(
        @Nullable String id,
        @Nullable Instant notBefore,
        @Nullable Instant expiry) {
    private static final TaskOptions NONE = new TaskOptions(null, null, null);

    /** A random id, due at once, for ever. */
    public static TaskOptions none() {
        return NONE;
    }

    /** The task has this id. Two with the same id are two tasks all the same. */
    public TaskOptions id(String id) {
        return new TaskOptions(id, notBefore, expiry);
    }

    /** The task is due this long after now. */
    public TaskOptions delay(Duration delay) {
        return notBefore(Instant.now().plus(delay));
    }

    /** The task is not due before this. */
    public TaskOptions notBefore(Instant due) {
        return new TaskOptions(id, due, expiry);
    }

    /** The task must not start any more this long after now. */
    public TaskOptions expiresAfter(Duration life) {
        return expiry(Instant.now().plus(life));
    }

    /** From then on the task must not start any more. */
    public TaskOptions expiry(Instant end) {
        return new TaskOptions(id, notBefore, end);
    }
}
