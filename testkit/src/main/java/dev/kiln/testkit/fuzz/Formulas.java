package dev.kiln.testkit.fuzz;

import java.util.List;
import java.util.Optional;

/// Formulas on whole tensors.
final class Formulas {
    private static final List<String> UNARY = List.of(
            "tanh(@)", "sigmoid(@)", "sin(@)", "cos(@)", "abs(@)", "relu(@)", "leaky_relu(@)", "softplus(@)", "gelu(@)", "gelu_tanh(@)", "elu(@)", "selu(@)", "hard_sigmoid(@)", "hard_swish(@)", "swish(@)",
            "mish(@)", "softsign(@)", "relu(@, max: 0.5)", "@^2", "@^3", "-@", "2 * @", "@ + 0.5", "1 - @", "@ / 3", "1 / (1 + @^2)", "sqrt(@^2 + 0.1)", "rsqrt(@^2 + 0.5)", "log(@^2 + 0.2)", "log1p(abs(@))",
            "exp(-abs(@))", "expm1(min(@, 1))", "erf(@)", "max(@, 0)", "min(@, 0.3)", "if @ > 0.1 { @ } else { 0.5 * @ }", "stop_gradient(@) * @", "floor(2 * @) * @", "round(@) + @", "@ % 0.7", "abs(@)^1.5",
            "clip(@, -0.4, 0.6)", "0 * @", "1 * @", "@ - @", "@ + 0", "@ / 1", "threshold_relu(@)", "tanh_shrink(@)", "@ * @", "@ * tanh(@)", "if @ > 0 and @ < 1 { @ } else { 0 }", "exp(min(@, 2))", "sqrt(abs(@) + 1) / (2 + sin(@))");
    private static final List<String> BINARY = List.of("$0 + $1", "$0 - $1", "$0 * $1", "max($0, $1)", "min($0, $1)", "$0 / (1 + $1^2)", "if $0 < $1 { $0 } else { 2 * $1 }", "$0 - 0.5 * $1 + $0 * $1", "sigmoid($0) * tanh($1)");
    private static final List<String> WHOLE = List.of("$0 - mean($0)", "$0 * sum($0) / count(N)", "$0 / sqrt(mean($0^2) + 0.1)", "$0 - max($0)", "max($0, mean($0))");

    static final List<Move> MOVES = List.of(
            (a, x, f) -> a.step(f, "$y = " + unary(a), x),
            (a, x, f) -> a.step(f, "$y = " + unary(a).replace("$0", "(" + unary(a) + ")"), x),
            Formulas::paired, Formulas::paired,
            Formulas::trailing,
            (a, x, f) -> a.step(f, "$y = " + a.one(WHOLE), x),
            (a, x, _) -> a.step(Form.of(), "$y = " + a.of("sum", "mean", "max", "min", "var") + "($0)", x),
            Formulas::function,
            Formulas::repeated,
            (a, x, f) -> f.hasColumns() ? Optional.of(weighted(a, x)) : Optional.empty());

    private Formulas() {}

    static String unary(Author a) {
        return a.one(UNARY).replace("@", "$0");
    }

    private static Optional<Step> paired(Author a, String x, Form f) {
        return a.other(f::equals).flatMap(y -> a.step(f, "$y = " + a.one(BINARY), x, y));
    }

    /// A tensor with fewer axes fits the last ones.
    private static Optional<Step> trailing(Author a, String x, Form f) {
        return a.other(g -> !g.ragged() && g.rank() < f.rank() && f.shape().subList(f.rank() - g.rank(), f.rank()).equals(g.shape()) && !(f.ragged() && g.rank() > f.rank() - 2))
                .flatMap(y -> a.step(f, "$y = " + a.of("$0 + $1", "$0 * $1", "$1 - $0", "max($0, $1)"), x, y));
    }

    /// Times weights of the last axis.
    static Step weighted(Author a, String x) {
        var f = a.form(x);
        String type = f.hasColumns() ? "f32[" + f.last() + "]" : "f32";
        return a.owning(f, "param $yw: %s init normal(variance: 0.3)\n$y = $0 * $yw".formatted(type), x).orElseThrow();
    }

    private static Optional<Step> function(Author a, String x, Form f) {
        String body = unary(a).replace("$0", "(" + unary(a) + ")").replace("$0", "x");
        return a.declaring("fn f_$y(x: f32[S..]) -> f32[S..] = " + body, false, f, "$y = f_$y($0)" + (a.chance() ? " + f_$y(-$0)" : ""), x);
    }


    /// A loop that is unrolled; a prime is the value of the next round.
    private static Optional<Step> repeated(Author a, String x, Form f) {
        return a.step(f, "$y = $0\nfor round < %d { $y' = 0.5 * $y + %s }".formatted(a.number(1, 3), unary(a).replace("$0", "$y")), x);
    }
}
