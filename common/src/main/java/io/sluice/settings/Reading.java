package io.sluice.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** One reading of file and environment: the faults so far, and which variables were asked for. */
final class Reading {
    private final TreeMap<String, String> environment = new TreeMap<>();
    private final Set<String> asked = new TreeSet<>();
    private final Set<String> suggestions = new TreeSet<>(SettingsLoader.RESERVED_VARIABLES);
    private final Map<String, String> variableByPath = new HashMap<>();
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

    /** The variable's value for this path, if it is set; from now on the variable is a known one. */
    Optional<String> variable(String name, String path) {
        asked.add(name);
        String value = environment.get(name);
        if (value != null) {
            variableByPath.put(path, name);
        }
        return Optional.ofNullable(value);
    }

    List<String> variablesUnder(String prefix) {
        return environment.tailMap(prefix, false).keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
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
        environment.keySet().stream().filter(name -> !asked.contains(name)).forEach(name -> {
            // The prefix is common to all and would make any of them look near.
            String rest = name.substring(VariableName.PREFIX.length());
            List<String> others = known.stream()
                    .map(other -> other.substring(VariableName.PREFIX.length()))
                    .toList();
            String hint = Nearest.to(rest, others)
                    .map(near -> ", did you mean " + VariableName.PREFIX + near + "?")
                    .orElse(" to Sluice");
            add(new Fault(name, null, "unknown" + hint));
        });
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
        return variable == null
                ? fault
                : new Fault(fault.path() + " (" + variable + ")", fault.found(), fault.expected(), fault.against());
    }
}
