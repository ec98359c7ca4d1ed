package dev.kiln.testkit.fuzz;

import java.util.List;
import java.util.Optional;

/// Layers that take any number of axes, those of the library and new ones.
final class Layers {
    static final List<Move> MOVES = List.of(
            Layers::dense, Layers::dense, Layers::dense, Layers::normed, Layers::normed, Layers::channels, Layers::dropped, Layers::twice, Layers::stateful, Layers::shared);

    private Layers() {}

    private static boolean channelled(Form f) {
        return f.rank() >= 2 && f.dim(1).isConstant() && !f.ragged();
    }

    private static Optional<Step> dense(Author a, String x, Form f) {
        if (f.rank() < 2 || !f.hasColumns()) return Optional.empty();
        var units = a.columns();
        String layer = a.of("Dense(%s)", "Dense(%s)", "Dense(%s, bias: false)", "Maxout(%s)", "DropConnect(%s, 0.3)").formatted(units);
        return a.owning(f.with(f.rank() - 1, units), "$y = $0 |> %s%s".formatted(layer, a.of("", " |> relu", " |> tanh", " |> softmax", " |> LayerNorm")), x);
    }

    private static Optional<Step> normed(Author a, String x, Form f) {
        if (f.rank() < 2 || !f.hasColumns()) return Optional.empty();
        return a.owning(f, "$y = $0 |> " + a.of("LayerNorm", "RmsNorm", "LayerNorm |> Dense(" + f.last() + ") |> gelu"), x);
    }

    private static Optional<Step> channels(Author a, String x, Form f) {
        if (!channelled(f)) return Optional.empty();
        int channels = f.dim(1).toInt();
        var groups = List.of(1, 2, 3, 4, 8).stream().filter(g -> channels % g == 0).toList();
        String layer = a.of("BatchNorm", "BatchNorm |> relu", "PReLU", "GroupNorm(%d)".formatted(a.one(groups)), f.rank() > 2 ? "InstanceNorm" : "BatchNorm(decay: 0.5)");
        return a.owning(f, "$y = $0 |> " + layer, x);
    }

    private static Optional<Step> dropped(Author a, String x, Form f) {
        if (f.rank() == 0 || f.ragged()) return Optional.empty();
        return a.step(f, "$y = $0 |> " + a.of("Dropout(0.5)", "ClassicDropout(0.3)", f.rank() > 2 ? "ChannelDropout(0.5)" : "Dropout(0.1)"), x);
    }

    /// One layer made in each round of a loop.
    private static Optional<Step> twice(Author a, String x, Form f) {
        if (f.rank() < 2 || !f.hasColumns()) return Optional.empty();
        return a.owning(f, "$y = $0\nfor round < %d { $y' = $y + ($y |> Dense(%s) |> tanh) }".formatted(a.number(1, 3), f.last()), x);
    }

    /// One layer applied to two values.
    private static Optional<Step> shared(Author a, String x, Form f) {
        if (f.rank() < 2 || !f.hasColumns()) return Optional.empty();
        var units = a.columns();
        return a.owning(f.with(f.rank() - 1, units), "$yl = Dense(%s)\n$y = $yl($0) * tanh($yl($1))".formatted(units), x, a.other(f::equals).orElse(x));
    }

    /// A layer that remembers, and does something else in training.
    private static Optional<Step> stateful(Author a, String x, Form f) {
        if (f.rank() < 2 || !f.hasColumns() || f.ragged()) return Optional.empty();
        return a.declaring("""
                layer L_$y()(x: f32[N.., C]) -> f32[N.., C] {
                  param w: f32[C] init 1
                  state seen: f32[C] = 0.5
                  if training {
                    m[c] = %s(x[n.., c] over n..)
                    seen' = 0.9 * seen + 0.1 * m
                    return w * (x - %s)
                  } else {
                    return w * (x - seen)
                  }
                }""".formatted(a.of("mean", "max", "sum"), a.of("m", "stop_gradient(m)", "seen", "0.5 * m")), true, f, "$y = $0 |> L_$y", x);
    }
}
