package io.sluice.standalone.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The metrics of {@code metrics.txt}, as Prometheus sees them. */
final class ExposedMetrics {
    private static final Map<String, Set<String>> ENDINGS = Map.of(
            "gauge", Set.of(""),
            "counter", Set.of(""),
            "timer", Set.of("_count", "_sum", "_max"),
            "histogram", Set.of("_bucket", "_count", "_sum", "_max"));

    private ExposedMetrics() {}

    /** The labels of each name that a query may ask for. */
    static Map<String, Set<String>> labelsByName() {
        Map<String, Set<String>> labels = new TreeMap<>();
        text().lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            String[] parts = line.split(" ", -1);
            Set<String> own = new TreeSet<>(parts.length > 2 ? Arrays.asList(parts[2].split(",", -1)) : Set.of());
            for (String ending : Objects.requireNonNull(ENDINGS.get(parts[0]), line)) {
                Set<String> all = new TreeSet<>(own);
                if (ending.equals("_bucket")) {
                    all.add("le");
                }
                labels.put(parts[1] + ending, all);
            }
        });
        return labels;
    }

    private static String text() {
        try (InputStream in = Objects.requireNonNull(ExposedMetrics.class.getResourceAsStream("metrics.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
