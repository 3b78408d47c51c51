package io.sluice.producer.http;

import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.Fields;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * The header by which a repeated request is known. Its value becomes the task's id; quotes around it, as the
 * <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">draft</a> has them, do not count.
 */
final class IdempotencyKey {
    private static final String HEADER = "idempotency-key";

    private IdempotencyKey() {}

    /** Null if there is none. */
    static @Nullable String of(MultiMap headers) throws BadTask {
        String value = headers.get(HEADER);
        if (value == null) {
            return null;
        }
        String key = value.strip();
        boolean quoted = key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"");
        return Fields.id(HEADER, quoted ? key.substring(1, key.length() - 1) : key);
    }
}
