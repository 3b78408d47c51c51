package io.sluice.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One reading of file and environment: the faults so far, and which variables were asked for. */
final class Reading {
    private final TreeMap<String, String> environment = new TreeMap<>();
    private final Set<String> asked = new TreeSet<>();
    private final Set<String> suggestions = new TreeSet<>(SettingsLoader.RESERVED_VARIABLES);
    private final Map<String, String> variableByPath = new HashMap<>();
    private final Map<String, Optional<String>> fromFiles = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Set<String> faulty = new HashSet<>();

    /** An empty variable is one that is not set, as compose files leave it. */
    Reading(Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if (name.startsWith(VariableName.PREFIX)
                    && !value.isBlank()
                    && !SettingsLoader.RESERVED_VARIABLES.contains(name)
                    && !VariableName.isServiceLink(name, value)) {
                this.environment.put(name, value);
            }
        });
    }

    /**
     * The value for this path of the variable, or of the file that the variable with {@code _FILE} names, if one of them is
     * set; from now on the variable is a known one.
     */
    Optional<String> variable(String name, String path) {
        asked.add(name);
        String value = environment.get(name);
        String fileName = name + ValueFile.ENDING;
        String file = environment.get(fileName);
        if (file == null || asked.contains(fileName)) {
            if (value != null) {
                variableByPath.put(path, name);
            }
            return Optional.ofNullable(value);
        }
        variableByPath.put(path, fileName);
        return fromFiles.computeIfAbsent(fileName, x -> fromFile(fileName, file, value == null ? null : name));
    }

    private Optional<String> fromFile(String variable, String file, @Nullable String beside) {
        if (beside != null) {
            add(new Fault(variable, null, "given beside " + beside + ", only one of them may be"));
            return Optional.empty();
        }
        try {
            return Optional.of(ValueFile.read(variable, file));
        } catch (SettingsException e) {
            addAll(e.faults());
            return Optional.empty();
        }
    }

    /**
     * The variables that are set under this prefix; one that names a file as the one that it stands for.
     *
     * @param own tells, of a variable less the prefix, whether it is itself a setting whose name ends in "file"
     */
    Set<String> variablesUnder(String prefix, Predicate<String> own) {
        Set<String> names = new LinkedHashSet<>();
        environment.tailMap(prefix, false).keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> names.add(standsFor(name, prefix.length(), own)));
        return names;
    }

    private String standsFor(String name, int prefix, Predicate<String> own) {
        int end = name.length() - ValueFile.ENDING.length();
        if (!name.endsWith(ValueFile.ENDING) || end <= prefix) {
            return name;
        }
        if (own.test(name.substring(prefix))) {
            asked.add(name);
            return name;
        }
        return name.substring(0, end);
    }

    /** A variable that could be set, though nothing asks for it now. */
    void suggest(String name) {
        suggestions.add(name);
    }

    Set<String> asked() {
        return asked;
    }

    boolean isFaulty(String path) {
        return faulty.contains(path);
    }

    void add(Fault fault) {
        addAll(List.of(fault));
    }

    /** Adds those on paths without a fault so far, and says whether there were any. */
    boolean addAll(List<Fault> more) {
        List<Fault> fresh =
                more.stream().filter(fault -> !faulty.contains(fault.path())).toList();
        fresh.forEach(fault -> faulty.add(fault.path()));
        return faults.addAll(fresh);
    }

    void refuseUnknownVariables() {
        Set<String> known = new TreeSet<>(asked);
        known.addAll(suggestions);
        environment.keySet().stream().filter(name -> !isKnown(name)).forEach(name -> {
            // The prefix is common to all and would make any of them look near.
            String ending = name.endsWith(ValueFile.ENDING) ? ValueFile.ENDING : "";
            String rest = name.substring(
                    VariableName.PREFIX.length(),
                    Math.max(VariableName.PREFIX.length(), name.length() - ending.length()));
            List<String> others = known.stream()
                    .map(other -> other.substring(VariableName.PREFIX.length()))
                    .toList();
            String hint = Nearest.to(rest, others)
                    .map(near -> ", did you mean " + VariableName.PREFIX + near + ending + "?")
                    .orElse(" to Sluice");
            add(new Fault(name, null, "unknown" + hint));
        });
    }

    private boolean isKnown(String name) {
        return asked.contains(name) || fromFiles.containsKey(name);
    }

    /** @throws SettingsException if there was any fault, now or before */
    <T> T finish(Supplier<T> constructor) {
        try {
            T whole = constructor.get();
            if (faults.isEmpty()) {
                return whole;
            }
        } catch (SettingsException e) {
            addAll(e.faults());
        }
        throw failure();
    }

    SettingsException failure() {
        return new SettingsException(faults.stream()
                .filter(fault -> fault.standsBeside(faults))
                .map(this::withVariable)
                .toList());
    }

    private Fault withVariable(Fault fault) {
        String variable = variableByPath.get(fault.path());
        if (variable == null) {
            return fault;
        }
        // What is in a file is not shown, whatever it is for.
        String found = fault.found() == null || !fromFiles.containsKey(variable) ? fault.found() : "another value";
        return new Fault(fault.path() + " (" + variable + ")", found, fault.expected(), fault.against());
    }
}
