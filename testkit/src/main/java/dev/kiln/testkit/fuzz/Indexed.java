package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Formulas in index notation.
final class Indexed {
    static final List<Move> MOVES = List.of(
            Indexed::reduced, Indexed::reduced, Indexed::permuted, Indexed::spread, Indexed::shifted, Indexed::fitted, Indexed::sliced, Indexed::reversed, Indexed::strided, Indexed::dilated, Indexed::windowed,
            Indexed::pooled, Indexed::product, Indexed::product, Indexed::gram, Indexed::gathered, Indexed::picked, Indexed::normalised, Indexed::best, Indexed::counted, Indexed::centred, Indexed::table);

    private Indexed() {}

    /// `$y[i, j] = … $0[i, k] …` with the left and the right index of each axis.
    private static Optional<Step> moved(Author a, String x, Form form, List<String> left, List<String> right, String otherwise) {
        return a.step(form, "$y%s = $0[%s%s]".formatted(Author.listed(left), String.join(", ", right), otherwise), x);
    }

    private static Optional<Step> reduced(Author a, String x, Form f) {
        if (f.rank() == 0) return Optional.empty();
        var gone = a.order(f.rank()).subList(0, a.number(1, f.rank()));
        if (f.ragged() && !gone.contains(1) && gone.contains(0)) return Optional.empty();
        var all = Author.indices(f.rank());
        var kept = IntStream.range(0, f.rank()).filter(i -> !gone.contains(i)).boxed().toList();
        var form = new Form(kept.stream().map(f::dim).toList(), f.ragged() && kept.contains(1));
        String inner = a.of("$0%1$s", "$0%1$s", "$0%1$s^2", "sin($0%1$s)", "$0%1$s * $0%1$s").formatted(Author.listed(all));
        return a.step(form, "$y%s = %s(%s over %s)".formatted(Author.listed(kept.stream().map(all::get).toList()), a.of("sum", "mean", "max", "min", "var", "sum"), inner, gone.stream().sorted().map(all::get).collect(Collectors.joining(", "))), x);
    }

    private static Optional<Step> permuted(Author a, String x, Form f) {
        if (f.rank() < 2 || f.ragged()) return Optional.empty();
        var all = Author.indices(f.rank());
        var order = a.order(f.rank());
        return moved(a, x, Form.of(order.stream().map(f::dim).toList()), order.stream().map(all::get).toList(), all, "");
    }

    /// A new axis, anywhere.
    private static Optional<Step> spread(Author a, String x, Form f) {
        if (f.rank() > 3 || f.ragged()) return Optional.empty();
        int at = a.number(0, f.rank());
        Dim extent = a.chance() ? Dim.of(a.number(1, 4)) : a.other(g -> g.rank() > 0).map(v -> a.form(v).dim(0)).orElse(Dim.ONE);
        var shape = new ArrayList<>(f.shape());
        shape.add(at, extent);
        var right = Author.indices(f.rank());
        var left = new ArrayList<>(right);
        left.add(at, "q < " + extent);
        return a.step(Form.of(shape), "$y%s = $0%s%s".formatted(Author.listed(left), Author.listed(right), a.of("", " * (q + 1)", " + 0.1 * q")), x);
    }

    /// One axis read at another place.
    private static Optional<Step> along(Author a, String x, Form f, Dim extent, int axis, String place, String otherwise) {
        var left = Author.indices(f.rank());
        var right = Author.indices(f.rank());
        left.set(axis, "j" + " < " + extent);
        for (int i = 0; i < f.rank(); i++) if (i != axis) left.set(i, "i" + i);
        for (int i = 0; i < f.rank(); i++) right.set(i, i == axis ? place : "i" + i);
        return moved(a, x, f.with(axis, extent), left, right, otherwise);
    }

    private static Optional<Step> shifted(Author a, String x, Form f) {
        if (f.rank() == 0 || f.ragged()) return Optional.empty();
        int axis = a.number(0, f.rank() - 1);
        Dim extent = f.dim(axis).plus(a.number(0, 2));
        return along(a, x, f, extent, axis, a.of("j - 1", "j + 1", "j - 2"), " else 0");
    }

    /// As many as another axis has, zeros where there are none.
    private static Optional<Step> fitted(Author a, String x, Form f) {
        if (f.rank() == 0 || f.ragged()) return Optional.empty();
        int axis = a.number(0, f.rank() - 1);
        return a.other(g -> g.rank() > 0 && !g.ragged()).flatMap(v -> along(a, x, f, a.form(v).dim(a.number(0, a.form(v).rank() - 1)), axis, a.of("j", "j - 1", "1 - j", "2 * j", "2"), " else 0"));
    }

    private static Optional<Step> sliced(Author a, String x, Form f) {
        if (f.rank() == 0 || f.ragged()) return Optional.empty();
        int axis = a.number(0, f.rank() - 1);
        if (!f.dim(axis).isConstant() || f.dim(axis).toInt() < 2) return Optional.empty();
        int start = a.number(0, f.dim(axis).toInt() - 1);
        return along(a, x, f, Dim.of(a.number(1, f.dim(axis).toInt() - start)), axis, "j + " + start, "");
    }

    private static Optional<Step> reversed(Author a, String x, Form f) {
        if (f.rank() == 0 || f.ragged()) return Optional.empty();
        int axis = a.number(0, f.rank() - 1);
        return along(a, x, f, f.dim(axis), axis, f.dim(axis) + " - 1 - j", "");
    }

    private static Optional<Step> strided(Author a, String x, Form f) {
        if (f.rank() == 0 || f.ragged()) return Optional.empty();
        int axis = a.number(0, f.rank() - 1);
        int stride = a.number(2, 3);
        return along(a, x, f, f.dim(axis).plus(stride - 1).floorDiv(stride), axis, stride + " * j", "");
    }

    private static Optional<Step> dilated(Author a, String x, Form f) {
        if (f.rank() == 0 || f.ragged()) return Optional.empty();
        int axis = a.number(0, f.rank() - 1);
        return along(a, x, f, f.dim(axis).times(2).plus(a.number(-1, 1)), axis, "j / 2", " else 0");
    }

    /// Three taps of weights along one axis, with a stride.
    private static Optional<Step> windowed(Author a, String x, Form f) {
        if (f.rank() == 0 || f.ragged()) return Optional.empty();
        int axis = a.number(0, f.rank() - 1);
        int stride = a.number(1, 2);
        Dim extent = f.dim(axis).plus(stride - 1).floorDiv(stride);
        var left = IntStream.range(0, f.rank()).mapToObj(i -> i == axis ? "j < " + extent : "i" + i).toList();
        var right = IntStream.range(0, f.rank()).mapToObj(i -> i == axis ? stride + " * j + u - 1" : "i" + i).collect(Collectors.joining(", "));
        return a.owning(f.with(axis, extent), "param $yw: f32[3] init normal(variance: 0.3)\n$y%s = sum($0[%s else 0] * $yw[u] over u)".formatted(Author.listed(left), right), x);
    }

    /// The maximum or sum of windows along one axis.
    private static Optional<Step> pooled(Author a, String x, Form f) {
        if (f.rank() == 0 || f.ragged()) return Optional.empty();
        int axis = a.number(0, f.rank() - 1);
        int stride = a.number(1, 3);
        int pad = a.number(0, 1);
        Dim extent = f.dim(axis).plus(2L * pad - 2).floorDiv(stride).plus(1);
        if (a.value(f.dim(axis)) + 2L * pad < 2) return Optional.empty();
        boolean max = a.chance();
        var left = IntStream.range(0, f.rank()).mapToObj(i -> i == axis ? "j < " + extent : "i" + i).toList();
        var right = IntStream.range(0, f.rank()).mapToObj(i -> i == axis ? "%d * j + u - %d".formatted(stride, pad) : "i" + i).collect(Collectors.joining(", "));
        return a.step(f.with(axis, extent), "$y%s = %s($0[%s else %s] over u < 2)".formatted(Author.listed(left), max ? "max" : "sum", right, max ? "-inf" : "0"), x);
    }

    /// One axis contracted with new weights, whose columns may stand anywhere.
    private static Optional<Step> product(Author a, String x, Form f) {
        if (f.rank() == 0) return Optional.empty();
        int axis = a.number(0, f.rank() - 1);
        if (!f.dim(axis).isConstant() || (f.ragged() && axis < 2)) return Optional.empty();
        Dim columns = a.columns();
        var all = Author.indices(f.rank());
        var left = new ArrayList<>(all);
        left.remove(axis);
        int at = a.chance() ? left.size() : f.ragged() ? a.number(2, left.size()) : a.number(0, left.size());
        left.add(at, "o");
        var shape = new ArrayList<>(f.without(axis).shape());
        shape.add(at, columns);
        boolean turned = a.chance();
        return a.owning(new Form(shape, f.ragged()), "param $yw: f32[%s] init normal(variance: 0.1)\n$y%s = sum($0%s * $yw[%s] over %s)".formatted(
                turned ? columns + ", " + f.dim(axis) : f.dim(axis) + ", " + columns, Author.listed(left), Author.listed(all), turned ? "o, " + all.get(axis) : all.get(axis) + ", o", all.get(axis)), x);
    }

    /// The products of all pairs along an axis: both factors move.
    private static Optional<Step> gram(Author a, String x, Form f) {
        if (f.rank() < 2 || f.rank() > 3 || f.ragged()) return Optional.empty();
        String y = a.other(f::equals).orElse(x);
        boolean last = a.chance();
        if (f.rank() == 2) return a.step(Form.of(f.dim(last ? 0 : 1), f.dim(last ? 0 : 1)), last ? "$y[i, j] = sum($0[i, k] * $1[j, k] over k)" : "$y[i, j] = sum($0[k, i] * $1[k, j] over k)", x, y);
        return a.step(Form.of(f.dim(0), f.dim(last ? 1 : 2), f.dim(last ? 1 : 2)), last ? "$y[n, i, j] = sum($0[n, i, k] * $1[n, j, k] over k)" : "$y[n, i, j] = sum($0[n, k, i] * $1[n, k, j] over k)", x, y);
    }

    /// A lookup by ids from outside, along the first axis of what is known.
    private static Optional<Step> gathered(Author a, String x, Form f) {
        if (f.rank() == 0 || f.ragged() || !f.dim(0).isConstant()) return Optional.empty();
        String id = a.ids(Form.of(Dim.variable("N")), f.dim(0).toInt());
        var rest = Author.indices(f.rank()).subList(1, f.rank());
        var left = new ArrayList<>(rest);
        left.addFirst("n");
        var right = new ArrayList<>(rest);
        right.addFirst("$1[n]");
        return a.step(f.with(0, Dim.variable("N")), "$y%s = $0%s".formatted(Author.listed(left), Author.listed(right)), x, id);
    }

    /// One element of the last axis for each row.
    private static Optional<Step> picked(Author a, String x, Form f) {
        if (f.rank() < 2 || f.ragged() || !f.hasColumns() || !f.dim(0).equals(Dim.variable("N"))) return Optional.empty();
        String id = a.ids(Form.of(Dim.variable("N")), f.last().toInt());
        var all = Author.indices(f.rank());
        var left = all.subList(0, f.rank() - 1);
        return a.step(f.without(f.rank() - 1), "$y%s = $0[%s, $1[i]]".formatted(Author.listed(left), String.join(", ", left)), x, id);
    }

    /// A table of weights, read by ids.
    private static Optional<Step> table(Author a, String x, Form f) {
        int rows = a.number(1, 9);
        String id = a.ids(Form.of(f.rank() > 1 && !f.ragged() ? List.of(Dim.variable("N"), f.dim(1)) : List.of(Dim.variable("N"))), rows);
        Dim columns = a.columns();
        var form = f.rank() > 1 && !f.ragged() ? Form.of(Dim.variable("N"), f.dim(1), columns) : Form.of(Dim.variable("N"), columns);
        return f.rank() > 1 && !Form.of(f.dim(1)).fitsDoor() ? Optional.empty() : a.owning(form, "$y = $0 |> Embedding(%d, %s)".formatted(rows, columns), id);
    }

    private static Optional<Step> normalised(Author a, String x, Form f) {
        if (f.rank() == 0) return Optional.empty();
        int axis = a.number(f.ragged() ? 1 : 0, f.rank() - 1);
        var all = Author.indices(f.rank());
        return a.step(f, "$y%1$s = %2$s($0%1$s over %3$s)".formatted(Author.listed(all), a.of("softmax", "log_softmax", "cumsum"), all.get(axis)), x);
    }

    private static Optional<Step> best(Author a, String x, Form f) {
        if (f.rank() < 2 || f.ragged()) return Optional.empty();
        var left = Author.indices(f.rank() - 1);
        return a.step(f.without(f.rank() - 1), "$yat%1$s = argmax($0[%2$s, z] over z)\n$y%1$s = $0[%2$s, $yat%1$s] * (1 + $yat%1$s)".formatted(Author.listed(left), String.join(", ", left)), x);
    }

    /// Formulas of the indices themselves.
    private static Optional<Step> counted(Author a, String x, Form f) {
        if (f.rank() < 2) return Optional.empty();
        String all = Author.listed(Author.indices(f.rank()));
        return a.step(f, "$y%1$s = %2$s".formatted(all, a.of("if i < j { $0%s } else { 0 }", "$0%s * (j + 1) / 3", "$0%s + sin(i - j)", "if (i + j) %% 2 == 0 { $0%1$s } else { -$0%1$s }").formatted(all)), x);
    }

    private static Optional<Step> centred(Author a, String x, Form f) {
        if (f.rank() < 2) return Optional.empty();
        int axis = f.ragged() ? 1 : a.number(0, f.rank() - 1);
        var all = Author.indices(f.rank());
        var left = new ArrayList<>(all);
        left.remove(axis);
        return a.step(f, "$ym%1$s = mean($0%2$s over %3$s)\n$yv%1$s = var($0%2$s over %3$s)\n$y%2$s = ($0%2$s - $ym%1$s) / sqrt($yv%1$s + 0.1)".formatted(Author.listed(left), Author.listed(all), all.get(axis)), x);
    }
}
