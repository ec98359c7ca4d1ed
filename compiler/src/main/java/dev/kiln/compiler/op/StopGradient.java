package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// The identity, through which no gradient flows.
public record StopGradient(Value x) implements Op.Pointwise {
    public static final Spec SPEC = Spec.of("stop_gradient", "`y = x`, through which no gradient flows.")
            .sample("matrix", (_, d) -> new StopGradient(d.real(d.dim(), d.dim())));

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type();
    }

    @Override
    public List<Value> operands() {
        return List.of(x);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new StopGradient(operands.getFirst());
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return Ops.flows((Value) null);
    }

    @Override
    public Value tangent(Graph g, Value y, List<Value> dx) {
        return null;
    }

    /// An array of its own: who differentiates by differences holds it still.
    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return new Array(operands.getFirst().shape(), operands.getFirst().data().clone());
    }
}
