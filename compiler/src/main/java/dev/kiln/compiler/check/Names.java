package dev.kiln.compiler.check;

import dev.kiln.compiler.syntax.Expr;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;

/// Names in expressions, and what somebody may have meant.
final class Names {
    private Names() {}

    /// The nearest of `known`, if it is near: about one letter in three may differ.
    static Optional<String> similar(String name, Collection<String> known) {
        return known.stream()
                .filter(k -> Math.min(name.length(), k.length()) > 1 || name.equalsIgnoreCase(k))
                .filter(k -> distance(name, k) <= Math.max(1, Math.min(name.length(), k.length()) / 3))
                .min(Comparator.comparingInt((String k) -> distance(name, k)).thenComparing(Comparator.naturalOrder()));
    }

    /// Levenshtein's, upper and lower case being the same letter.
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                int best = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = row[j];
                row[j] = best;
            }
        }
        return row[b.length()];
    }

    /// Every name that an expression reads.
    static void references(Expr e, Consumer<String> each) {
        switch (e) {
            case Expr.Reference r -> each.accept(r.name());
            case Expr.Axes a -> each.accept(a.name().text());
            case Expr.Ragged r -> references(r.axis(), each);
            case Expr.Fresh f -> each.accept(f.name().text());
            case Expr.Tuple t -> t.items().forEach(i -> references(i, each));
            case Expr.Items t -> t.items().forEach(i -> references(i, each));
            case Expr.Choose c -> {
                references(c.condition(), each);
                references(c.then(), each);
                references(c.otherwise(), each);
            }
            case Expr.Chain c -> {
                references(c.first(), each);
                c.stages().forEach(s -> references(s.step(), each));
            }
            case Expr.Unary u -> references(u.operand(), each);
            case Expr.Binary b -> {
                references(b.left(), each);
                references(b.right(), each);
            }
            case Expr.Call c -> {
                references(c.callee(), each);
                c.arguments().forEach(a -> references(a.value(), each));
            }
            case Expr.At at -> {
                references(at.tensor(), each);
                at.indices().forEach(i -> references(i, each));
                at.outside().ifPresent(o -> references(o, each));
            }
            case Expr.Member m -> references(m.owner(), each);
            case Expr.Range r -> {
                references(r.low(), each);
                references(r.high(), each);
            }
            case Expr.Whole _, Expr.Real _, Expr.Text _, Expr.Truth _ -> {}
        }
    }
}
