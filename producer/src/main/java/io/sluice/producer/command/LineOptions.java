package io.sluice.producer.command;

import io.sluice.cli.UsageFault;
import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.Fields;
import io.sluice.producer.form.KeyRule;
import io.sluice.producer.form.TaskDefaults;
import io.sluice.settings.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the command line says of all tasks that do not say it themselves. */
final class LineOptions {
    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "The type; without it, fetch of a URL and default-type of the settings of JSON.")
    private @Nullable String type;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The key, which names the resource; without it, a URL has its host.")
    private @Nullable String key;

    @Option(
            names = "--key-from",
            paramLabel = "FIELD",
            description = "The field of the payload that is the key: customer.id, or /customer/id.")
    private @Nullable String keyFrom;

    @Option(names = "--bare", description = "A line of JSON is the payload alone, not a task.")
    private boolean bare;

    @Option(names = "--delay", paramLabel = "TIME", description = "Not before so long after now: 90s, 5m, 2h, 7d.")
    private @Nullable String delay;

    @Option(names = "--at", paramLabel = "WHEN", description = "Not before this time: 2026-01-31T08:00:00Z.")
    private @Nullable String at;

    @Option(names = "--expires", paramLabel = "WHEN|TIME", description = "Not after this time, or so long after now.")
    private @Nullable String expires;

    /**
     * What they say.
     *
     * @throws UsageFault if that cannot be
     */
    TaskDefaults defaults(String defaultType, Instant now) {
        if (key != null && keyFrom != null) {
            throw new UsageFault("--key and --key-from exclude each other: give one of them");
        }
        if (delay != null && at != null) {
            throw new UsageFault("--delay and --at exclude each other: give one of them");
        }
        try {
            Instant notBefore =
                    at != null ? Fields.time("--at", at) : delay != null ? now.plus(duration("--delay", delay)) : null;
            Instant end = expires == null ? null : end(expires, now);
            Fields.order("--expires", notBefore, end);
            return new TaskDefaults(
                    type == null ? defaultType : Fields.text("--type", type),
                    type == null ? TaskDefaults.FETCH : type,
                    keyRule(),
                    bare,
                    notBefore,
                    end);
        } catch (BadTask e) {
            throw new UsageFault(e.getMessage());
        }
    }

    private KeyRule keyRule() throws BadTask {
        if (key != null) {
            return KeyRule.always(key);
        }
        return keyFrom == null ? KeyRule.none() : KeyRule.field(keyFrom);
    }

    private static Instant end(String text, Instant now) throws BadTask {
        Optional<Duration> time = Durations.parse(text);
        Instant end = time.isPresent() ? now.plus(time.get()) : Fields.time("--expires", text);
        if (!end.isAfter(now)) {
            throw new UsageFault("--expires is " + text + ", which is past: no task would ever start");
        }
        return end;
    }

    static Duration duration(String option, String text) {
        return Durations.parse(text)
                .filter(time -> !time.isNegative())
                .orElseThrow(
                        () -> new UsageFault(option + " is " + Fields.shown(text) + "; give " + Durations.EXPECTED));
    }

    /** Those that shape tasks, as they were given. */
    Map<String, String> given(String defaultType) {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("default-type", defaultType);
        put(given, "--type", type);
        put(given, "--key", key);
        put(given, "--key-from", keyFrom);
        put(given, "--bare", bare ? "given" : null);
        put(given, "--delay", delay);
        put(given, "--at", at);
        put(given, "--expires", expires);
        return given;
    }

    private static void put(Map<String, String> given, String option, @Nullable String value) {
        if (value != null) {
            given.put(option, value);
        }
    }
}
