package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// One result of a loop. What flows into it flows into the loop: `autodiff` gathers the cotangents of all results first.
public record Project(Value scan, int index) implements Op.Result {
    public static final Spec SPEC = Spec.of("project", "One result of a loop, by number.")
            .sample("final state", (g, d) -> new Project(g.add(ScanSamples.decay(g, d)), 0))
            .sample("outputs", (g, d) -> new Project(g.add(ScanSamples.decay(g, d)), 1))
            .rejects("project reads loops, not const", g -> new Project(Ops.constant(g, DType.f32, 0), 0));

    public Project {
        Fit.require(scan.op() instanceof Op.Control, "project reads loops, not %s", scan.op().spec().name());
        int count = ((Op.Control) scan.op()).resultTypes().size();
        Fit.require(index >= 0 && index < count, "project: result %d of %d", index, count);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return ((Op.Control) scan.op()).resultTypes().get(index);
    }

    @Override
    public List<Value> operands() {
        return List.of(scan);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Project(operands.getFirst(), index);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return Ops.flows((Value) null);
    }

    /// The operands are all results of the loop.
    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return operands.get(index);
    }

    @Override
    public String attributes() {
        return String.valueOf(index);
    }
}
