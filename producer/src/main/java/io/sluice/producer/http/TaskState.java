package io.sluice.producer.http;

import io.sluice.producer.intake.Known;
import io.sluice.record.TaskResult;
import io.vertx.core.json.JsonObject;

/** What is told of a task, as JSON: its id, its type, its state, and when it has ended the attempts and what came of it. */
public final class TaskState {
    private TaskState() {}

    public static String accepted(String id) {
        return new JsonObject().put("id", id).put("state", "accepted").encode();
    }

    static String of(String id, Known known) {
        TaskResult result = known.result();
        return result != null
                ? of(result)
                : new JsonObject()
                        .put("id", id)
                        .put("type", known.type())
                        .put("state", known.state())
                        .encode();
    }

    /** The output, or the failure, is passed on as it was written. */
    public static String of(TaskResult result) {
        String head = new JsonObject()
                .put("id", result.taskId())
                .put("type", result.type())
                .put("state", result.succeeded() ? "succeeded" : "failed")
                .put("attempts", result.attempts())
                .encode();
        String name = result.succeeded() ? "result" : "failure";
        return head.substring(0, head.length() - 1) + ",\"" + name + "\":" + result.inOneLine() + "}";
    }
}
