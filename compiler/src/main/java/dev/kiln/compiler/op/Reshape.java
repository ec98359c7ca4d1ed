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

/// The same elements in another shape.
public record Reshape(Value x, List<Dim> shape) implements Op.Movement {
    public static final Spec SPEC = Spec.of("reshape", "The same elements, row-major, in another shape of as many elements.")
            .sample("flatten", (_, d) -> {
                Dim n = d.dim();
                return new Reshape(d.real(n, Dim.of(3), Dim.of(2)), List.of(n, Dim.of(6)));
            })
            .sample("split", (_, d) -> {
                Dim n = d.dim();
                return new Reshape(d.real(n.times(6)), List.of(Dim.of(2), n, Dim.of(3)));
            })
            .law("there and back", (g, d) -> {
                var x = d.real(d.dim(), d.dim());
                return new Sides(Ops.reshape(g, Ops.reshape(g, x, List.of(x.type().size())), x.type().shape()), x);
            })
            .rejects("reshape: f32[2, 3] has 6 elements, [4] has 4", g -> new Reshape(Ops.fill(g, 0, Dim.of(2), Dim.of(3)), List.of(Dim.of(4))));

    public Reshape {
        shape = List.copyOf(shape);
        Dim size = shape.stream().reduce(Dim.ONE, Dim::times);
        Fit.require(size.plain().equals(x.type().size().plain()), "reshape: %s has %s elements, %s has %s", x.type(), x.type().size(), shape, size);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type().withShape(shape);
    }

    @Override
    public List<Value> operands() {
        return List.of(x);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Reshape(operands.getFirst(), shape);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return List.of(Ops.reshape(g, dy, x.type().shape()));
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return new Array(env.shape(type()), operands.getFirst().data());
    }
}
