package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;

/// The operands one after another along an axis.
public record Concat(List<Value> operands, int axis) implements Op.Movement {
    public static final Spec SPEC = Spec.of("concat", "The operands one after another along an axis; all else of their types is equal.")
            .sample("columns", (_, d) -> {
                Dim n = d.dim();
                return new Concat(List.of(d.real(n, d.dim()), d.real(n, Dim.of(3)), d.real(n, d.dim())), 1);
            })
            .sample("one", (_, d) -> new Concat(List.of(d.real(d.dim())), 0))
            .law("cut apart it is its parts", (g, d) -> {
                var x = d.real(d.dim(), Dim.of(2));
                var y = d.real(x.type().dim(0), d.dim());
                return new Sides(Ops.slice(g, Ops.concat(g, 1, x, y), 1, Dim.of(2), 1, y.type().dim(1)), y);
            })
            .rejects("concat: f32[2, 3] and f32[3, 3] differ beside axis 1", g -> new Concat(List.of(Ops.fill(g, 0, Dim.of(2), Dim.of(3)), Ops.fill(g, 0, Dim.of(3), Dim.of(3))), 1))
            .rejects("concat of nothing", _ -> new Concat(List.of(), 0));

    public Concat {
        operands = List.copyOf(operands);
        Fit.require(!operands.isEmpty(), "concat of nothing");
        var first = operands.getFirst();
        Fit.axes("concat", first, List.of(axis));
        for (var v : operands)
            Fit.require(v.type().rank() == first.type().rank() && beside(v, axis).equals(beside(first, axis)), "concat: %s and %s differ beside axis %d", first.type(), v.type(), axis);
    }

    private static TensorType beside(Value v, int axis) {
        return v.type().withShape(Fit.without(v.type().shape(), List.of(axis)));
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        var shape = new ArrayList<>(operands.getFirst().type().shape());
        shape.set(axis, operands.stream().map(v -> v.type().dim(axis)).reduce(Dim.ZERO, Dim::plus));
        return operands.getFirst().type().withShape(shape);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Concat(operands, axis);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        var parts = new ArrayList<Value>();
        Dim start = Dim.ZERO;
        for (var v : operands) {
            parts.add(Ops.slice(g, dy, axis, start, 1, v.type().dim(axis)));
            start = start.plus(v.type().dim(axis));
        }
        return parts;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var y = Array.zeros(env.shape(type()));
        int outer = 1;
        for (int a = 0; a < axis; a++) outer *= y.shape()[a];
        int row = y.data().length / Math.max(1, outer);
        int to = 0;
        for (var x : operands) {
            int part = x.data().length / Math.max(1, outer);
            for (int i = 0; i < outer; i++) System.arraycopy(x.data(), i * part, y.data(), i * row + to, part);
            to += part;
        }
        return y;
    }

    @Override
    public String attributes() {
        return "axis " + axis;
    }
}
