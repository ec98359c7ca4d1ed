package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// Every element in another type: bool to 0 and 1, f32 to i32 towards zero, to bool whether it is not zero.
public record Cast(Value x, DType dtype) implements Op.Pointwise {
    public static final Spec SPEC = Spec.of("cast", "Every element in another type: bool to 0 and 1, f32 to i32 towards zero, anything to bool by `x != 0`. No gradient flows to integers.")
            .sample("from i32", (_, d) -> new Cast(d.ids(9, d.dim(), d.dim()), DType.f32))
            .sample("from bool", (_, d) -> new Cast(d.truth(d.dim()), DType.f32))
            .law("a bool is 1 or 0", (g, d) -> {
                var x = d.truth(d.dim());
                return new Sides(Ops.cast(g, x, DType.f32), Ops.select(g, x, Ops.fill(g, 1, x.type().shape()), Ops.fill(g, 0, x.type().shape())));
            })
            .sample("to i32", (_, d) -> new Cast(d.real(d.dim()), DType.i32));

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type().withDtype(dtype);
    }

    @Override
    public List<Value> operands() {
        return List.of(x);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Cast(operands.getFirst(), dtype);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return Ops.flows(x.type().dtype() == DType.f32 && dtype == DType.f32 ? dy : null);
    }

    @Override
    public Value tangent(Graph g, Value y, List<Value> dx) {
        return dtype == DType.f32 ? dx.getFirst() : null;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.getFirst();
        return Cells.fill(x.shape(), (_, flat) -> of(x.data()[flat]));
    }

    /// One number in this type.
    public double of(double x) {
        return switch (dtype) {
            case f32 -> x;
            case i32 -> (int) x;
            case bool -> x != 0 ? 1 : 0;
        };
    }

    @Override
    public String attributes() {
        return dtype.toString();
    }
}
