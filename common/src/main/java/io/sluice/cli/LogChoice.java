package io.sluice.cli;

import java.util.Map;
import java.util.Set;

/**
 * How the process is to log. The logging configuration reads the same two variables by itself; what is wrong with them it would
 * not say, or not where anybody looks.
 *
 * @param json whether the log is for programs, one JSON object a line
 */
record LogChoice(boolean json) {
    static final String FORMAT = "SLUICE_LOG_FORMAT";
    static final String LEVEL = "SLUICE_LOG_LEVEL";

    private static final Set<String> LEVELS = Set.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    /** @param environment as {@link System#getenv()} has it */
    static LogChoice of(Map<String, String> environment) {
        return new LogChoice("json".equals(environment.get(FORMAT)));
    }

    /** @throws UsageFault if a variable says what there is not */
    static void check(Map<String, String> environment) {
        String format = environment.getOrDefault(FORMAT, "text");
        if (!format.equals("json") && !format.equals("text")) {
            throw new UsageFault(FORMAT + " is '" + format + "', but must be json or text");
        }
        String level = environment.getOrDefault(LEVEL, "INFO");
        if (!LEVELS.contains(level)) {
            throw new UsageFault(LEVEL + " is '" + level + "', but must be ERROR, WARN, INFO, DEBUG or TRACE");
        }
    }
}
