package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// `y`, a function of `x`, with a derivative written by hand. Reverse mode takes what is declared, forward mode and differences look at `y` itself.
/// @param function its name in the text
/// @param names    those of `x` there
/// @param dy       a [Cotangent] of the type of `y`
/// @param declared what flows into each of `x`: a formula in `dy`, `x` and values that `y` is made of
public record WithGradient(String function, Value y, Value dy, List<String> names, List<Value> x, List<Value> declared) implements Op.Pointwise, Op.Composed {
    public static final Spec SPEC = Spec.of("with_gradient", "`y`, a function of `x`, with the derivative that its author wrote; gone once gradients are derived.")
            .sample("a cube", (g, d) -> {
                var x = d.real(d.dim(), d.dim());
                var square = Ops.mul(g, x, x);
                var dy = g.add(new Cotangent("cube", x.type()));
                return new WithGradient("cube", Ops.mul(g, square, x), dy, List.of("x"), List.of(x), List.of(Ops.mul(g, dy, Ops.mul(g, square, Ops.fill(g, 3, x.type().shape())))));
            })
            .rejects("with_gradient: f32[2] for an operand f32[3]", g -> {
                var x = Ops.fill(g, 1, Dim.of(3));
                return new WithGradient("one", x, g.add(new Cotangent("one", x.type())), List.of("x"), List.of(x), List.of(Ops.fill(g, 1, Dim.of(2))));
            });

    public WithGradient {
        x = List.copyOf(x);
        declared = List.copyOf(declared);
        Fit.dtype("with_gradient", y, DType.f32);
        Fit.require(dy.type().equals(y.type()), "with_gradient: a cotangent %s for %s", dy.type(), y.type());
        names = List.copyOf(names);
        Fit.require(x.size() == names.size(), "with_gradient: %d names for %d operands", names.size(), x.size());
        Fit.require(x.size() == declared.size(), "with_gradient: %d gradients for %d operands", declared.size(), x.size());
        for (int i = 0; i < x.size(); i++) Fit.require(declared.get(i).type().equals(x.get(i).type()), "with_gradient: %s for an operand %s", declared.get(i).type(), x.get(i).type());
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return y.type();
    }

    @Override
    public List<Value> operands() {
        var operands = new ArrayList<>(List.of(y, dy));
        operands.addAll(x);
        operands.addAll(declared);
        return operands;
    }

    @Override
    public Op withOperands(List<Value> operands) {
        int split = 2 + x.size();
        return new WithGradient(function, operands.get(0), operands.get(1), names, operands.subList(2, split), operands.subList(split, operands.size()));
    }

    /// The declared formulas with what really flows in.
    @Override
    public List<Value> gradient(Graph g, Value result, Value flowing) {
        var moved = new HashSet<>(List.of(dy));
        var live = g.reachable(declared).stream().filter(v -> moved.contains(v) || (v.op().operands().stream().anyMatch(moved::contains) && moved.add(v))).toList();
        var now = Rebuild.over(g, live, Map.of(dy, flowing));
        var flows = new Value[2 + 2 * x.size()];
        for (int i = 0; i < x.size(); i++) flows[2 + i] = now.getOrDefault(declared.get(i), declared.get(i));
        return Ops.flows(flows);
    }

    @Override
    public Value tangent(Graph g, Value result, List<Value> dx) {
        return dx.getFirst();
    }

    @Override
    public Value compose(Graph g) {
        return y;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return operands.getFirst();
    }

    @Override
    public String attributes() {
        return function;
    }
}
