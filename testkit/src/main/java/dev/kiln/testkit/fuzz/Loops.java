package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Loops that stop themselves, loops in loops, and states that are written slice by slice.
final class Loops {
    static final List<Move> MOVES = List.of(Loops::stopped, Loops::greedy, Loops::beam, Loops::nested, Loops::delayed, Loops::delayed, Loops::layered, Loops::latest);

    private Loops() {}

    private static boolean isSequence(Form f) {
        return f.rank() == 3 && f.hasColumns();
    }

    /// A number for each row goes on by itself. How many steps it takes has no derivative.
    private static Optional<Step> stopped(Author a, String x, Form f) {
        if (f.rank() == 0) return Optional.empty();
        var all = Author.indices(f.rank());
        var rest = all.subList(1, all.size());
        String start = rest.isEmpty() ? "$ystart = $0" : "$ystart[i] = mean($0%s over %s)".formatted(Author.listed(all), String.join(", ", rest));
        String cell = """
                cell H_$y()() -> f32[N] {
                  state v: f32[N] = 0
                  v' = %s
                  stop %s
                  return %s
                }""".formatted(a.of("v / 2", "0.5 * v + 0.2 * sin(3 * v)", "v - 0.25"), a.of("v' < 0.1", "abs(v') < 0.3 or v > 1", "v' > 5"), a.of("v'", "v + 1", "v * v'"));
        return a.declaring(cell, false, Form.of(f.dim(0)), start + "\n$ytaken = unfold(H_$y()(v: $ystart), most: %d)\n$ysum[i] = sum($ytaken[i, t] over t)\n$y = stop_gradient($ysum + $ytaken.v * f32($ytaken.length))".formatted(a.number(1, 6)), x);
    }

    private static boolean isContext(Form f) {
        return f.rank() == 2 && f.hasColumns() && !f.ragged();
    }

    private static String decoder(Author a) {
        int size = a.number(1, 6);
        return "$ywrite = Decoder(%s(%d), %d, %d)\n".formatted(a.of("RNN", "GRU", "LSTM"), size, a.number(3, 6), a.number(1, 5));
    }

    private static Optional<Step> greedy(Author a, String x, Form f) {
        if (!isContext(f) || a.chance()) return Optional.empty();
        return a.step(Form.of(f.dim(0)), decoder(a) + "$ysaid = unfold(Greedy($ywrite(context: $0), start: 0, end: 1), most: %d)\n$ysum[i] = sum(f32($ysaid[i, t]) over t)\n$y = stop_gradient($ysum)".formatted(a.number(1, 4)), x);
    }

    private static Optional<Step> beam(Author a, String x, Form f) {
        if (!isContext(f) || a.chance()) return Optional.empty();
        return a.step(Form.of(f.dim(0)), decoder(a) + "$ybest, $yscore = Beam($ywrite(context: $0), %d, start: 0, end: 1, most: %d)()\n$ysum[i] = sum(f32($ybest[i, t]) over t)\n$y = stop_gradient($yscore + 0.1 * $ysum)".formatted(a.number(1, 3), a.number(1, 3)), x);
    }

    /// A loop whose steps read sequences.
    private static Optional<Step> nested(Author a, String x, Form f) {
        if (f.rank() != 4 || !f.hasColumns() || f.ragged()) return Optional.empty();
        int hidden = a.of(1, 2, 5, 8, 16, 17);
        String cell = """
                cell I_$y(hidden: int)(x: f32[N, U, E]) -> f32[N, hidden] {
                  state h: f32[N, hidden] = 0
                  inner = x |> %s
                  h' = %s
                  return %s
                }""".formatted(a.of("fold(RNN(hidden))", "fold(GRU(hidden)(h: h))", "reverse |> fold(LSTM(hidden))"), a.of("tanh(inner.h + h)", "0.5 * h + inner.h"), a.of("h'", "h * h'", "inner.h - h"));
        return a.declaring(cell, true, Form.of(f.dim(0), f.dim(1), Dim.of(hidden)), "$y = $0 |> scan(I_$y(%d))".formatted(hidden), x);
    }

    /// The input of some steps before.
    private static Optional<Step> delayed(Author a, String x, Form f) {
        if (!isSequence(f)) return Optional.empty();
        int places = a.number(2, 3);
        String first = a.of("x", "tanh(x + line[0])");
        String lines = a.chance() ? "  for j < %d { line'[j] = 0.5 * line[j] + %s }".formatted(places, first)
                : "  line'[0] = " + first + IntStream.range(1, places).mapToObj(j -> "\n  line'[%d] = %s".formatted(j, a.of("line[%d]", "line'[%d] * 0.5", "sin(line[%d])").formatted(j - 1))).collect(Collectors.joining());
        String cell = """
                cell D_$y()(x: f32[N, E]) -> f32[N, E] {
                  state line: f32[%d, N, E] = 0
                %s
                  return %s
                }""".formatted(places, lines, a.of("line[1]", "line'[1] - line[0]", "line'[0] * line'[%d]".formatted(places - 1)));
        return a.declaring(cell, false, f, "$y = $0 |> scan(D_$y())", x);
    }

    /// Layers that read what all of them were a step before.
    private static Optional<Step> layered(Author a, String x, Form f) {
        if (!isSequence(f)) return Optional.empty();
        int size = a.of(1, 2, 5, 16);
        return a.declaring("""
                cell G_$y(size: int, depth: int)(x: f32[N, E]) -> f32[N, size] {
                  state h: f32[N, depth, size] = 0
                  past = flatten(h)
                  below = x
                  for j < depth {
                    below' = tanh(concat(below, past) |> Dense(size))
                    h'[n, j, k] = below'[n, k]
                  }
                  return below
                }""", true, f.with(2, Dim.of(size)), "$y = $0 |> scan(G_$y(%d, %d))".formatted(size, a.number(1, 3)), x);
    }

    /// Where a sequence is largest, up to each row's length.
    private static Optional<Step> latest(Author a, String x, Form f) {
        if (!isSequence(f)) return Optional.empty();
        return a.step(Form.of(f.dim(0), f.last()), "$yat[i, k] = argmax($0[i, t, k] over t)\n$y[i, k] = ($yat[i, k] + 1) * sum($0[i, t, k] over t)", x);
    }
}
