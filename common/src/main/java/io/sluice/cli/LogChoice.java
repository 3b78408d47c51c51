package io.sluice.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How the process is to log. The logging configuration reads the same two variables by itself; what is wrong with them it would
 * not say, or not where anybody looks. An empty one counts as not set.
 *
 * @param json whether the log is for programs, one JSON object a line
 */
record LogChoice(boolean json) {
    static final String FORMAT = "SLUICE_LOG_FORMAT";
    static final String LEVEL = "SLUICE_LOG_LEVEL";

    private static final String DEFAULT_FORMAT = "text";
    private static final String DEFAULT_LEVEL = "INFO";
    private static final Set<String> LEVELS = Set.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    /** @param environment as {@link System#getenv()} has it */
    static LogChoice of(Map<String, String> environment) {
        return new LogChoice("json".equals(environment.get(FORMAT)));
    }

    /**
     * What the logging configuration must be told, which takes an empty variable for a value: system properties, which it
     * asks first.
     */
    static Map<String, String> instead(Map<String, String> environment) {
        Map<String, String> instead = new HashMap<>();
        Map.of(FORMAT, DEFAULT_FORMAT, LEVEL, DEFAULT_LEVEL).forEach((name, fallback) -> {
            if (environment.getOrDefault(name, fallback).isEmpty()) {
                instead.put(name, fallback);
            }
        });
        return instead;
    }

    /** @throws UsageFault if a variable says what there is not */
    static void check(Map<String, String> environment) {
        String format = value(environment, FORMAT, DEFAULT_FORMAT);
        if (!format.equals("json") && !format.equals("text")) {
            throw new UsageFault(FORMAT + " is '" + format + "', but must be json or text");
        }
        String level = value(environment, LEVEL, DEFAULT_LEVEL);
        if (!LEVELS.contains(level)) {
            throw new UsageFault(LEVEL + " is '" + level + "', but must be ERROR, WARN, INFO, DEBUG or TRACE");
        }
    }

    private static String value(Map<String, String> environment, String name, String fallback) {
        String value = environment.getOrDefault(name, fallback);
        return value.isEmpty() ? fallback : value;
    }
}
