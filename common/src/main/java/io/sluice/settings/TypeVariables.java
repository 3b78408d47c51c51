package io.sluice.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the type that a variable such as {@code SLUICE_TYPES_RESIZE_IMAGE_RETRY_BACKOFF} speaks of. A variable cannot
 * spell every type's name, so {@code RESIZE_IMAGE} is any known type with these letters, else a type
 * {@code resize_image}.
 */
final class TypeVariables {
    private static final String OPTIONS = "_OPTIONS_";

    private final Collection<String> knownTypes;
    private final Collection<String> endings;

    /** @param endings the variables of one type, less the part that names it */
    TypeVariables(Collection<String> knownTypes, Collection<String> endings) {
        this.knownTypes = knownTypes;
        this.endings = endings;
    }

    /** The types that variables are set for, each with what its variables begin with. */
    Map<String, String> prefixes(Collection<String> variables, String prefix) {
        Map<String, String> prefixes = new LinkedHashMap<>();
        for (String variable : variables) {
            // The shortest name has the longest setting: FETCH with ON_TIMEOUT_DEFAULT.
            spellings(variable.substring(prefix.length()))
                    .min(Comparator.comparing(
                                    (String spelling) -> known(spelling).isEmpty())
                            .thenComparing(String::length))
                    .ifPresent(spelling -> prefixes.putIfAbsent(
                            known(spelling).orElse(spelling.toLowerCase(Locale.ROOT)), prefix + spelling + "_"));
        }
        return prefixes;
    }

    private Stream<String> spellings(String rest) {
        int options = rest.indexOf(OPTIONS);
        Stream<String> withOptions = options > 0 ? Stream.of(rest.substring(0, options)) : Stream.of();
        Stream<String> withSetting = endings.stream()
                .filter(ending -> rest.endsWith("_" + ending))
                .map(ending -> rest.substring(0, rest.length() - ending.length() - 1))
                .filter(spelling -> !spelling.isEmpty());
        return Stream.concat(withOptions, withSetting);
    }

    private Optional<String> known(String spelling) {
        return knownTypes.stream()
                .filter(type -> VariableName.squash(type).equals(VariableName.squash(spelling)))
                .findFirst();
    }
}
