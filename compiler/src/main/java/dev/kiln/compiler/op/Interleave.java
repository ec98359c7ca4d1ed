package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Draw;
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
import java.util.stream.IntStream;

/// The operands in turn along one axis: how the phases of a divided contraction come together again. A kernel writes its phase with a stride, nothing is copied.
/// @param extent the extent of the result along the axis; phase f holds the `ceil((extent - f) / phases)` positions f, f + phases, …
public record Interleave(List<Value> operands, int axis, Dim extent) implements Op.Movement {
    public static final Spec SPEC = Spec.of("interleave", "`y[.., i, ..] = x_f[.., q, ..]` with `i = q*phases + f`: the operands in turn along one axis.")
            .sample("two", (_, d) -> of(d, Dim.of(d.pick(2, 9)), 2))
            .sample("three, symbolic", (_, d) -> of(d, d.dim().plus(2), 3))
            .law("phase by phase it is its slices", (g, d) -> {
                var x = d.real(Dim.of(7), d.dim());
                var even = Ops.slice(g, x, 0, Dim.ZERO, 2, Dim.of(4));
                return new Sides(g.add(new Interleave(List.of(even, Ops.slice(g, x, 0, Dim.ONE, 2, Dim.of(3))), 0, Dim.of(7))), x);
            })
            .rejects("interleave: phase 1 of 2 along axis 0 of extent 5 is f32[2], not f32[3]", g -> new Interleave(List.of(Ops.fill(g, 0, Dim.of(3)), Ops.fill(g, 0, Dim.of(3))), 0, Dim.of(5)));

    public Interleave {
        operands = List.copyOf(operands);
        Fit.require(!operands.isEmpty(), "interleave of nothing");
        Fit.axes("interleave", operands.getFirst(), List.of(axis));
        for (int f = 0; f < operands.size(); f++) {
            var shape = new ArrayList<>(operands.getFirst().type().shape());
            shape.set(axis, phase(extent, f, operands.size()));
            var wanted = operands.getFirst().type().withShape(shape);
            Fit.require(operands.get(f).type().equals(wanted), "interleave: phase %d of %d along axis %d of extent %s is %s, not %s", f, operands.size(), axis, extent, wanted, operands.get(f).type());
        }
    }

    /// How many of `extent` positions lie at f, f + phases, …
    public static Dim phase(Dim extent, int f, int phases) {
        return extent.minus(f).ceilDiv(Dim.of(phases));
    }

    private static Interleave of(Draw d, Dim extent, int phases) {
        return new Interleave(IntStream.range(0, phases).mapToObj(f -> d.real(Dim.of(2), phase(extent, f, phases))).toList(), 1, extent);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        var shape = new ArrayList<>(operands.getFirst().type().shape());
        shape.set(axis, extent);
        return operands.getFirst().type().withShape(shape);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Interleave(operands, axis, extent);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        int phases = operands.size();
        return IntStream.range(0, phases).mapToObj(f -> Ops.slice(g, dy, axis, Dim.of(f), phases, phase(extent, f, phases))).toList();
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        int phases = operands.size();
        return Cells.fill(env.shape(type()), (at, _) -> {
            int[] from = at.clone();
            from[axis] = at[axis] / phases;
            return operands.get(at[axis] % phases).get(from);
        });
    }

    @Override
    public String attributes() {
        return "axis %d, extent %s".formatted(axis, extent);
    }
}
