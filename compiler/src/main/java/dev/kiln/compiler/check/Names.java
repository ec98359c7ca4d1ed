package dev.kiln.compiler.check;

import dev.kiln.compiler.syntax.Expr;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
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

    /// Letters left out, added, changed or swapped with their neighbour; upper and lower case are the same letter.
    static int distance(String first, String second) {
        String a = first.toLowerCase(Locale.ROOT);
        String b = second.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++)
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int changed = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, changed);
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        return cost[a.length()][b.length()];
    }

    /// Every name that an expression reads.
    static void references(Expr e, Consumer<String> each) {
        walk(e, part -> {
            if (part instanceof Expr.Reference r) each.accept(r.name());
            if (part instanceof Expr.Axes a) each.accept(a.name().text());
            if (part instanceof Expr.Fresh f) each.accept(f.name().text());
        });
    }

    /// The expression and all its parts.
    static void walk(Expr e, Consumer<Expr> each) {
        each.accept(e);
        switch (e) {
            case Expr.Ragged r -> walk(r.axis(), each);
            case Expr.Tuple t -> t.items().forEach(i -> walk(i, each));
            case Expr.Items t -> t.items().forEach(i -> walk(i, each));
            case Expr.Choose c -> {
                walk(c.condition(), each);
                walk(c.then(), each);
                walk(c.otherwise(), each);
            }
            case Expr.Chain c -> {
                walk(c.first(), each);
                c.stages().forEach(s -> walk(s.step(), each));
            }
            case Expr.Unary u -> walk(u.operand(), each);
            case Expr.Binary b -> {
                walk(b.left(), each);
                walk(b.right(), each);
            }
            case Expr.Call c -> {
                walk(c.callee(), each);
                c.arguments().forEach(a -> walk(a.value(), each));
            }
            case Expr.At at -> {
                walk(at.tensor(), each);
                at.indices().forEach(i -> walk(i, each));
                at.outside().ifPresent(o -> walk(o, each));
            }
            case Expr.Member m -> walk(m.owner(), each);
            case Expr.Range r -> {
                walk(r.low(), each);
                walk(r.high(), each);
            }
            case Expr.Reference _, Expr.Axes _, Expr.Fresh _, Expr.Whole _, Expr.Real _, Expr.Text _, Expr.Truth _ -> {}
        }
    }
}
