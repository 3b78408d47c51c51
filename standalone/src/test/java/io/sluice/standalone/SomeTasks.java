package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes the tasks of tests, and looks at their results. */
final class SomeTasks {
    private SomeTasks() {}

    static NewTask task(String id, String type, @Nullable String key, String json) {
        return NewTask.of(id, type, key, json.getBytes(UTF_8));
    }

    /** One task whose id is its type. */
    static NewTask task(String type) {
        return task(type, type, null, "{}");
    }

    /** Tasks {@code type-0}, {@code type-1}, …, their keys {@code key-0} to {@code key-<keys - 1>} in turn. */
    static List<NewTask> tasks(String type, int count, int keys) {
        return IntStream.range(0, count)
                .mapToObj(n -> task(type + "-" + n, type, "key-" + n % keys, "{\"n\":" + n + "}"))
                .toList();
    }

    static Map<String, TaskResult> byId(List<TaskResult> results) {
        return results.stream().collect(Collectors.toMap(TaskResult::taskId, result -> result));
    }
}
