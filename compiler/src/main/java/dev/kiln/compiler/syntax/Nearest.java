package dev.kiln.compiler.syntax;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// What somebody meant who mistyped a word.
public final class Nearest {
    private Nearest() {}

    /// The known word that differs in the fewest letters (two swapped neighbours count as one), when it is near enough to be meant.
    public static Optional<String> to(String word, Collection<String> known) {
        int enough = word.length() < 3 ? 0 : word.length() < 5 ? 1 : 2;
        return known.stream()
                .filter(k -> distance(word, k) <= enough)
                .min(Comparator.comparingInt((String k) -> distance(word, k)).thenComparing(Comparator.naturalOrder()));
    }

    /// Changes, insertions, removals and swaps of neighbours that lead from one word to the other.
    public static int distance(String a, String b) {
        var row = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    row[i][j] = i + j;
                    continue;
                }
                int changed = row[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[i][j] = Math.min(changed, Math.min(row[i - 1][j], row[i][j - 1]) + 1);
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) row[i][j] = Math.min(row[i][j], row[i - 2][j - 2] + 1);
            }
        }
        return row[a.length()][b.length()];
    }
}
