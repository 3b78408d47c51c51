package io.sluice.producer.form;

import io.sluice.record.NewTask;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the lines of a file that do not say it themselves.
 *
 * @param type of a task as JSON
 * @param urlType of a URL
 * @param key finds the key; a URL that gets none from it has its host
 * @param bare whether a line of JSON is the payload alone, rather than a task
 * @param notBefore when it is due; null means at once
 * @param expires from when on it must not start any more; null means never
 */
public record TaskDefaults(
        String type,
        String urlType,
        KeyRule key,
        boolean bare,
        @Nullable Instant notBefore,
        @Nullable Instant expires) {
    public static final String FETCH = "fetch";

    /** Nothing but the type of a task as JSON; a URL is to be fetched. */
    public static TaskDefaults of(String type) {
        return new TaskDefaults(type, FETCH, KeyRule.none(), false, null, null);
    }

    /**
     * The task with what it does not say itself.
     *
     * @throws BadTask if there is no such key, or what it says does not fit what it does not
     */
    NewTask complete(NewTask task) throws BadTask {
        Instant due = task.notBefore() == null ? notBefore : task.notBefore();
        Instant end = task.expiry() == null ? expires : task.expiry();
        Fields.order("expires", due, end);
        return new NewTask(
                task.id(),
                task.type(),
                task.key() == null ? key.keyOf(task.payload()) : task.key(),
                task.payload(),
                due,
                end);
    }
}
