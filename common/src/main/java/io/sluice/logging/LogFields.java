package io.sluice.logging;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Fields that the lines which a thread logs have for a while (MDC). They are put there when the thread logs a line, since
 * most of what has fields never does, and to make them costs more than all the rest. Where the log is not Logback they are
 * put there at once.
 *
 * <p>Static methods: any thread. What is kept belongs to one thread.
 */
public final class LogFields {
    private static final ThreadLocal<LogFields> OF_THREAD = ThreadLocal.withInitial(LogFields::new);
    private static final boolean LATE = isLogback();

    /** Those that have not been put there yet; null if none are to be. */
    private @Nullable Supplier<Map<String, String>> pending;

    /** What was there when they were to be. */
    private @Nullable Map<String, String> before;

    private LogFields() {}

    private static boolean isLogback() {
        try {
            return FieldsWhenLogged.attach();
        } catch (LinkageError without) {
            return false;
        }
    }

    /**
     * Gives the lines of this thread these fields from here on, beside those that they have; of equal names the new one
     * counts.
     *
     * @param fields asked for on this thread, once at most; must not log
     * @return takes them back, and whatever else was put meanwhile; to be run on this thread
     */
    public static Runnable enter(Supplier<Map<String, String>> fields) {
        return enter(fields, LATE);
    }

    /** @param late whether {@link #put} is called before a line is logged */
    static Runnable enter(Supplier<Map<String, String>> fields, boolean late) {
        LogFields thread = OF_THREAD.get();
        Supplier<Map<String, String>> outer = thread.pending;
        Map<String, String> outerBefore = thread.before;
        Map<String, String> found = MDC.getCopyOfContextMap();
        thread.pending = fields;
        thread.before = found;
        if (!late) {
            put();
        }
        return () -> {
            thread.pending = outer;
            thread.before = outerBefore;
            if (found == null || found.isEmpty()) {
                // To look is cheaper than to clear what is clear already, as nearly always.
                if (MDC.getCopyOfContextMap() != null) {
                    MDC.clear();
                }
            } else {
                MDC.setContextMap(found);
            }
        };
    }

    /** This thread is about to log a line. */
    static void put() {
        LogFields thread = OF_THREAD.get();
        Supplier<Map<String, String>> fields = thread.pending;
        if (fields == null) {
            return;
        }
        Map<String, String> before = thread.before == null ? Map.of() : thread.before;
        thread.pending = null;
        thread.before = null;
        Map<String, String> found = MDC.getCopyOfContextMap();
        Map<String, String> all = found == null ? new HashMap<>() : found;
        fields.get().forEach((name, value) -> {
            // What was put meanwhile under the same name was meant to be seen.
            if (Objects.equals(all.get(name), before.get(name))) {
                all.put(name, value);
            }
        });
        MDC.setContextMap(all);
    }
}
