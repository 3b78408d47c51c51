package io.sluice.management;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The answer to one question about a process.
 *
 * @param checks what it rests on; it is good if all of them are
 */
record HealthReport(List<Check> checks) {
    HealthReport {
        checks = List.copyOf(checks);
    }

    boolean isUp() {
        return checks.stream().allMatch(Check::ok);
    }

    /** {@code {"status":"DOWN","checks":[{"name":"broker","status":"DOWN","reason":"…"}]}}. */
    JsonObject toJson() {
        JsonArray list = new JsonArray();
        checks.forEach(check -> list.add(new JsonObject()
                .put("name", check.name())
                .put("status", status(check.ok()))
                .put("reason", check.reason())));
        return new JsonObject().put("status", status(isUp())).put("checks", list);
    }

    private static String status(boolean up) {
        return up ? "UP" : "DOWN";
    }
}
