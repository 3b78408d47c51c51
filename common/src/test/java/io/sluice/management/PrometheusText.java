package io.sluice.management;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus' text format 0.0.4, read strictly: a sample that does not belong to the family before it, a family that comes
 * twice, a type or a label that is none, or the same series again, is an error.
 */
public final class PrometheusText {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (.*)");
    private static final Pattern TYPE =
            Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary|untyped)");
    private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(\\{(.*)})? (\\S+)( -?\\d+)?");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\",?");
    private static final Map<String, List<String>> SUFFIXES = Map.of(
            "counter", List.of(""),
            "gauge", List.of(""),
            "untyped", List.of(""),
            "histogram", List.of("_bucket", "_sum", "_count"),
            "summary", List.of("", "_sum", "_count"));

    /** One value. */
    public record Sample(String name, Map<String, String> labels, double value) {}

    private final Map<String, String> types = new LinkedHashMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private final Set<String> series = new HashSet<>();
    private String family = "";

    private PrometheusText() {}

    /** @throws AssertionError with the line that is wrong */
    public static PrometheusText parse(String text) {
        PrometheusText parsed = new PrometheusText();
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line has no end");
        }
        text.lines().forEach(parsed::line);
        return parsed;
    }

    /** The types of all families by their names. */
    public Map<String, String> types() {
        return types;
    }

    public List<Sample> samples() {
        return samples;
    }

    /** The sum over all series of that name with these labels. */
    public double value(String name, Map<String, String> labels) {
        List<Sample> found = samples.stream()
                .filter(sample ->
                        sample.name.equals(name) && sample.labels.entrySet().containsAll(labels.entrySet()))
                .toList();
        if (found.isEmpty()) {
            throw new AssertionError("there is no " + name + labels + " among " + types.keySet());
        }
        return found.stream().mapToDouble(Sample::value).sum();
    }

    private void line(String line) {
        Matcher help = HELP.matcher(line);
        Matcher type = TYPE.matcher(line);
        Matcher sample = SAMPLE.matcher(line);
        if (help.matches()) {
            begin(help.group(1), line);
        } else if (type.matches()) {
            begin(type.group(1), line);
            require(types.put(family, type.group(2)) == null, "a family that comes twice", line);
        } else if (!line.startsWith("#") && sample.matches()) {
            take(sample.group(1), labels(sample.group(3), line), sample.group(4), line);
        } else {
            throw new AssertionError("neither a comment nor a sample: " + line);
        }
    }

    private void begin(String name, String line) {
        require(name.equals(family) || !types.containsKey(name), "a family that comes twice", line);
        family = name;
    }

    private void take(String name, Map<String, String> labels, String value, String line) {
        String type = types.get(family);
        require(
                type != null
                        && SUFFIXES.getOrDefault(type, List.of()).stream().anyMatch(each -> name.equals(family + each)),
                "no sample of " + family,
                line);
        require(!name.endsWith("_bucket") || !"histogram".equals(type) || labels.containsKey("le"), "no le", line);
        require(!"counter".equals(type) || name.endsWith("_total"), "a counter without _total", line);
        require(series.add(name + labels), "a series that comes twice", line);
        samples.add(new Sample(name, labels, number(value)));
    }

    private static Map<String, String> labels(String text, String line) {
        Map<String, String> labels = new HashMap<>();
        Matcher label = LABEL.matcher(text == null ? "" : text);
        int end = 0;
        while (text != null && end < text.length() && label.find(end) && label.start() == end) {
            require(labels.put(label.group(1), label.group(2)) == null, "a label that comes twice", line);
            end = label.end();
        }
        require(text == null || end == text.length(), "labels that are none", line);
        return labels;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static void require(boolean right, String fault, String line) {
        if (!right) {
            throw new AssertionError(fault + ": " + line);
        }
    }
}
