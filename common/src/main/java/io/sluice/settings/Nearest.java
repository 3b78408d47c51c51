package io.sluice.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known word that a mistyped one was most likely meant to be, by Levenshtein's edit distance. */
public final class Nearest {
    private Nearest() {}

    /** The nearest of the known words, unless even that is as good as unrelated. */
    public static Optional<String> to(String word, Collection<String> known) {
        return within(Math.max(2, word.length() * 2 / 3), word, known);
    }

    static Optional<String> within(int most, String word, Collection<String> known) {
        String lower = word.toLowerCase(Locale.ROOT);
        // Sorted first, so that of equally near words the answer is always the same.
        return known.stream()
                .sorted()
                .min(Comparator.comparingInt(candidate -> distance(lower, candidate.toLowerCase(Locale.ROOT))))
                .filter(candidate -> distance(lower, candidate.toLowerCase(Locale.ROOT)) <= most);
    }

    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
