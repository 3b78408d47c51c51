package io.sluice.settings;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with the settings.
 *
 * @param path where: {@code consumer.max-in-flight}, a file's name or a variable's
 * @param found the value found, or null when {@code expected} alone says it, as for an unknown key
 * @param expected what would be right, and the remedy where it is not obvious
 * @param against the other settings that the value was compared with; while one of them is at fault itself, this fault
 *     may be none
 */
public record Fault(String path, @Nullable String found, String expected, List<String> against) {
    public Fault {
        against = List.copyOf(against);
    }

    public Fault(String path, @Nullable String found, String expected) {
        this(path, found, expected, List.of());
    }

    /** In one line: {@code consumer.max-in-flight: found 0, expected at least 1}. */
    public String message() {
        return found == null ? path + ": " + expected : path + ": found " + found + ", expected " + expected;
    }

    Fault within(String parent) {
        if (parent.isEmpty()) {
            return this;
        }
        List<String> others =
                against.stream().map(other -> parent + "." + other).toList();
        return new Fault(parent + "." + path, found, expected, others);
    }

    /** Whether the settings in this fault are all free of faults that stand alone. */
    boolean standsBeside(List<Fault> all) {
        return against.isEmpty()
                || all.stream()
                        .filter(other -> other.against.isEmpty())
                        .noneMatch(other ->
                                Stream.concat(Stream.of(path), against.stream()).anyMatch(other.path::equals));
    }
}
