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
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The axes in another order: axis k of the result is axis `order[k]` of x.
public record Permute(Value x, List<Integer> order) implements Op.Movement {
    public static final Spec SPEC = Spec.of("permute", "`y[i0, i1, ..]`: axis k of the result is axis `order[k]` of x.")
            .sample("transpose", (_, d) -> new Permute(d.real(d.dim(), d.dim()), List.of(1, 0)))
            .sample("rotation", (_, d) -> new Permute(d.real(d.dim(), Dim.of(3), d.dim()), List.of(2, 0, 1)))
            .law("undone by its inverse", (g, d) -> {
                var x = d.real(d.dim(), d.dim(), Dim.of(2));
                return new Sides(Ops.permute(g, Ops.permute(g, x, List.of(2, 0, 1)), List.of(1, 2, 0)), x);
            })
            .rejects("permute: [0, 0] is no order of the 2 axes of f32[2, 3]", g -> new Permute(Ops.fill(g, 0, Dim.of(2), Dim.of(3)), List.of(0, 0)));

    public Permute {
        order = List.copyOf(order);
        int rank = x.type().rank();
        Fit.require(order.stream().sorted().toList().equals(IntStream.range(0, rank).boxed().toList()), "permute: %s is no order of the %d axes of %s", order, rank, x.type());
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type().withShape(order.stream().map(x.type().shape()::get).toList());
    }

    @Override
    public List<Value> operands() {
        return List.of(x);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Permute(operands.getFirst(), order);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return List.of(Ops.permute(g, dy, inverse(order)));
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.getFirst();
        var strides = x.strides();
        var steps = order.stream().mapToInt(a -> strides[a]).toArray();
        return Cells.read(env.shape(type()), x, steps);
    }

    @Override
    public String attributes() {
        return order.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    public static List<Integer> inverse(List<Integer> order) {
        return IntStream.range(0, order.size()).map(order::indexOf).boxed().toList();
    }

    /// The order of `first`, then `second`.
    public static List<Integer> then(List<Integer> first, List<Integer> second) {
        return second.stream().map(first::get).toList();
    }
}
