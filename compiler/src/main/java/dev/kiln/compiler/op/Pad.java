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
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// x with a margin of a constant.
public record Pad(Value x, List<Dim> low, List<Dim> high, double value) implements Op.Movement {
    public static final Spec SPEC = Spec.of("pad", "x with `low` elements of `value` before it and `high` after it, for each axis.")
            .sample("zeros", (_, d) -> new Pad(d.real(d.dim(), d.dim()), List.of(Dim.ZERO, Dim.of(2)), List.of(Dim.of(1), Dim.ZERO), 0))
            .sample("symbolic", (_, d) -> new Pad(d.real(d.dim()), List.of(d.dim()), List.of(d.dim()), -1.5))
            .law("a slice takes the margin away", (g, d) -> {
                Dim n = d.dim();
                var x = d.real(n, Dim.of(2));
                return new Sides(Ops.slice(g, Ops.pad(g, x, 0, Dim.of(3), Dim.of(1), 0), 0, Dim.of(3), 1, n), x);
            })
            .rejects("pad: -1 elements before axis 0", g -> new Pad(Ops.fill(g, 0, Dim.of(4)), List.of(Dim.of(-1)), List.of(Dim.ZERO), 0));

    public Pad {
        low = List.copyOf(low);
        high = List.copyOf(high);
        Fit.sameRank("pad", "margins", low.size(), x);
        Fit.sameRank("pad", "margins", high.size(), x);
        for (int a = 0; a < low.size(); a++) {
            Fit.require(low.get(a).constant().orElse(0) >= 0, "pad: %s elements before axis %d", low.get(a), a);
            Fit.require(high.get(a).constant().orElse(0) >= 0, "pad: %s elements after axis %d", high.get(a), a);
        }
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type().withShape(IntStream.range(0, low.size()).mapToObj(a -> low.get(a).plus(x.type().dim(a)).plus(high.get(a))).toList());
    }

    @Override
    public List<Value> operands() {
        return List.of(x);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Pad(operands.getFirst(), low, high, value);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return List.of(g.add(new Slice(dy, low, Collections.nCopies(low.size(), 1), x.type().shape())));
    }

    @Override
    public Value tangent(Graph g, Value y, List<Value> dx) {
        return g.add(new Pad(dx.getFirst(), low, high, 0));
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.getFirst();
        var before = low.stream().mapToInt(d -> (int) env.size(d)).toArray();
        var strides = x.strides();
        return Cells.fill(env.shape(type()), (at, _) -> {
            int offset = 0;
            for (int a = 0; a < at.length; a++) {
                int i = at[a] - before[a];
                if (i < 0 || i >= x.shape()[a]) return value;
                offset += i * strides[a];
            }
            return x.data()[offset];
        });
    }

    @Override
    public String attributes() {
        return IntStream.range(0, low.size()).mapToObj(a -> low.get(a) + " + " + high.get(a)).collect(Collectors.joining(", ")) + ", " + value;
    }
}
