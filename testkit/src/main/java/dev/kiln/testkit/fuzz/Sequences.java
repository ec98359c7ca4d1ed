package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Optional;

/// Loops through time and attention.
final class Sequences {
    static final List<Move> MOVES = List.of(Sequences::scanned, Sequences::scanned, Sequences::scanned, Sequences::folded, Sequences::both, Sequences::own, Sequences::own, Sequences::attended, Sequences::turned, Sequences::begun);

    private Sequences() {}

    /// Rows, time, columns.
    private static boolean isSequence(Form f) {
        return f.rank() == 3 && f.hasColumns();
    }

    private static String cell(Author a, int hidden) {
        return a.of("RNN(%d)", "LSTM(%d)", "LSTM(%d, peepholes: true)", "GRU(%d)", "GRU(%d, reset_after: true)", "RNN(%d, act: relu)", "Stacked(GRU(%d), 2)", "Stacked(RNN(%d), 2)").formatted(hidden);
    }

    private static Form hidden(Form f, int hidden) {
        return f.with(2, Dim.of(hidden));
    }

    private static Optional<Step> scanned(Author a, String x, Form f) {
        if (!isSequence(f)) return Optional.empty();
        int hidden = a.columns().toInt();
        return a.owning(hidden(f, hidden), "$y = " + a.of("$0 |> scan(%s)", "$0 |> reverse |> scan(%s) |> reverse", "tanh($0) |> scan(%s)").formatted(cell(a, hidden)), x);
    }

    private static Optional<Step> folded(Author a, String x, Form f) {
        if (!isSequence(f)) return Optional.empty();
        int hidden = a.columns().toInt();
        return a.owning(Form.of(f.dim(0), Dim.of(hidden)), "$ylast = $0 |> fold(%s)\n$y = $ylast.h".formatted(a.of("RNN(%d)", "LSTM(%d)", "GRU(%d)").formatted(hidden)), x);
    }

    private static Optional<Step> both(Author a, String x, Form f) {
        if (!isSequence(f)) return Optional.empty();
        int ahead = a.number(1, 9);
        int back = a.number(1, 9);
        return a.owning(hidden(f, ahead + back), "$y = $0 |> Bidirectional(%s, %s)".formatted(cell(a, ahead), cell(a, back)), x);
    }

    /// A cell that nobody wrote before.
    private static Optional<Step> own(Author a, String x, Form f) {
        if (!isSequence(f)) return Optional.empty();
        int hidden = a.columns().toInt();
        String update = a.of("tanh(%s)", "0.5 * h + sigmoid(%s)", "h + 0.1 * sin(%s)", "max(0.5 * h, %s)", "if h > 0.2 { %s } else { 0.3 * h + 0.1 }").formatted(a.of("x @ W + h", "x @ W + 0.3 * h @ U", "(x @ W) * h + b", "x @ W + b * h"));
        String given = a.of("h'", "h", "h' - h", "tanh(h')", "h' * s'");
        return a.declaring("""
                cell C_$y(hidden: int)(x: f32[N, E]) -> f32[N, hidden] {
                  state h: f32[N, hidden] = %s
                  state s: f32[N, hidden] = 1
                  param W: f32[E, hidden] init xavier_uniform(E, hidden)
                  param U: f32[hidden, hidden] init orthogonal
                  param b: f32[hidden] init 0.1
                  h' = %s
                  s' = %s
                  return %s
                }""".formatted(a.of("0", "0.5"), update, a.of("s", "0.5 * s + h", "s * sigmoid(h')", "0.9 * s + 0.1"), given), true, hidden(f, hidden), "$y = $0 |> scan(C_$y(%d))".formatted(hidden), x);
    }

    private static Optional<Step> attended(Author a, String x, Form f) {
        if (!isSequence(f)) return Optional.empty();
        int columns = f.last().toInt();
        int heads = a.one(List.of(1, 2, 3, 4).stream().filter(h -> columns % h == 0).toList());
        return a.owning(f, "$y = $0 |> " + a.of("SelfAttention(%1$d)", "SelfAttention(%1$d, causal: true)", "EncoderBlock(%1$d, width: 5)", "sinusoidal |> SelfAttention(%1$d)").formatted(heads), x);
    }

    private static Optional<Step> turned(Author a, String x, Form f) {
        return isSequence(f) ? a.step(f, "$y = $0 |> reverse", x) : Optional.empty();
    }

    /// A loop that begins with what another value says.
    private static Optional<Step> begun(Author a, String x, Form f) {
        if (!isSequence(f)) return Optional.empty();
        return a.other(g -> g.rank() == 2 && g.hasColumns() && !g.ragged() && g.dim(0).equals(f.dim(0)))
                .flatMap(h -> a.owning(hidden(f, a.form(h).last().toInt()), "$y = $0 |> scan(%s(%s)(h: $1))".formatted(a.of("RNN", "GRU", "LSTM"), a.form(h).last()), x, h));
    }
}
