package io.sluice.consumer.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The types that this consumer handles, and one that stands for all the others. Loop thread only. */
public final class TaskTypes {
    /** Thrown for a task whose type has no handler here. */
    static final class Unknown extends RuntimeException {
        Unknown(String type) {
            super("no handler here knows the type '" + type + "'");
        }
    }

    private final Map<String, TaskType> known = new HashMap<>();
    private final TaskType unknown;

    /** What was found last: of tasks that name none, the default type again and again. */
    private String lastName = "";

    private TaskType last;

    /** @param unknown runs the tasks of every other type: its body fails with {@link #unknownBody} */
    public TaskTypes(Collection<TaskType> known, TaskType unknown) {
        known.forEach(type -> this.known.put(type.name, type));
        this.unknown = unknown;
        this.last = unknown;
    }

    /** The body of the type that stands for the unknown ones. */
    public static TaskType.Body unknownBody() {
        return attempt -> {
            throw new Unknown(attempt.type());
        };
    }

    @SuppressWarnings("ReferenceEquality") // another text of the same name is looked up
    TaskType of(String name) {
        if (name != lastName) {
            last = known.getOrDefault(name, unknown);
            lastName = name;
        }
        return last;
    }

    /** Whether a flood of one type has another to delay. */
    boolean areSeveral() {
        return known.size() > 1;
    }

    TaskType unknown() {
        return unknown;
    }

    /**
     * Pauses the types of these names, and no others.
     *
     * @param added hears of a type that nobody here handles and that has not been paused before: from here on it is one by
     *     itself
     */
    void pause(Set<String> names, Consumer<TaskType> added) {
        for (String name : names) {
            if (!known.containsKey(name)) {
                TaskType type = new TaskType(
                        name, unknown.settings, unknown.retry, unknown.body, unknown.workers, unknown.surroundings);
                known.put(name, type);
                added.accept(type);
            }
        }
        lastName = "";
        known.values().forEach(type -> type.paused = names.contains(type.name));
    }

    void forEach(Consumer<TaskType> action) {
        known.values().forEach(action);
        action.accept(unknown);
    }

    Map<String, TypeStatus> snapshot() {
        Map<String, TypeStatus> snapshot = new TreeMap<>();
        forEach(type -> snapshot.put(type.name, type.counters.snapshot(type.inFlight, type.paused)));
        return snapshot;
    }
}
