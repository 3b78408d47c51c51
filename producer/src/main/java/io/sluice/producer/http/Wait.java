package io.sluice.producer.http;

import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.Fields;
import io.sluice.settings.Durations;
import io.sluice.settings.HttpLimits;
import io.vertx.core.MultiMap;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a request waits for its result: {@code ?wait=5s}, or {@code ?wait} for the default. */
public final class Wait {
    private Wait() {}

    /** Null if it does not wait. */
    public static @Nullable Duration of(MultiMap query, HttpLimits limits) throws BadTask {
        String value = query.get("wait");
        if (value == null) {
            return null;
        }
        if (value.isBlank()) {
            return limits.defaultWait();
        }
        Duration wait = Durations.parse(value)
                .orElseThrow(
                        () -> new BadTask("wait", "is " + Fields.shown(value) + "; give a time such as 500ms or 5s"));
        if (wait.isNegative() || wait.isZero()) {
            throw new BadTask("wait", "is no time at all; leave it out, so that nothing is waited for");
        }
        if (wait.compareTo(limits.maxWait()) > 0) {
            throw new BadTask(
                    "wait", "is longer than " + Durations.format(limits.maxWait()) + ", which is producer.max-wait");
        }
        return wait;
    }
}
