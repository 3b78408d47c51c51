package io.sluice.standalone.demo;

import io.sluice.record.TaskResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts how tasks ended: written by the event loop that hears of results, read by the main thread. */
final class Tally {
    private final Map<String, Integer> failures = new TreeMap<>();
    private int succeeded;

    synchronized void add(List<TaskResult> results) {
        for (TaskResult result : results) {
            if (result.succeeded()) {
                succeeded++;
            } else {
                failures.merge(reason(result), 1, Integer::sum);
            }
        }
    }

    synchronized int succeeded() {
        return succeeded;
    }

    synchronized Map<String, Integer> failures() {
        return Map.copyOf(failures);
    }

    private static String reason(TaskResult failed) {
        return failed.value().path("reason").asText() + ": "
                + withoutUrl(failed.value().path("message").asText());
    }

    /** The URL would make every reason another one. */
    private static String withoutUrl(String message) {
        int from = message.indexOf(" from http");
        return from < 0 ? message : message.substring(0, from);
    }
}
