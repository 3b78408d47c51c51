package io.sluice.standalone.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Lays out a table for a terminal: the first column to the left, the others to the right. */
public final class Columns {
    private Columns() {}

    /** @param rows all of the same length; the first is the head */
    public static String of(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(column ->
                                column == 0 ? left(row.get(0), widths[0]) : right(row.get(column), widths[column]))
                        .collect(Collectors.joining("  ")))
                .collect(Collectors.joining(System.lineSeparator(), "", System.lineSeparator()));
    }

    /** A number with so many digits behind the point; a dash if there is none. */
    public static String number(@Nullable Double value, int digits) {
        return value == null ? "–" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private static String left(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String right(String text, int width) {
        return " ".repeat(width - text.length()) + text;
    }
}
